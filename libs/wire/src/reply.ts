/** What an acknowledged socket.io request answers: the value, or a stable error code and a message that says what to do. */
export type Reply<Value, Code extends string> =
  | { ok: true; value: Value }
  | { ok: false; error: { code: Code; message: string } };
