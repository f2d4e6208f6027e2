import type { PlainSpeaker, PlainSpeakerRequest } from '@undertone/wire';

const requestTimeoutMs = 5_000;

/** The bridge did not answer, or said no; `status` is null when there was no answer. */
export class BridgeError extends Error {
  readonly status: number | null;

  constructor(status: number | null, message: string) {
    super(message);
    this.name = 'BridgeError';
    this.status = status;
  }
}

/** Plain RTP speakers of the bridge: the three requests of `libs/wire/src/plain-speaker.ts`. */
export class BridgeClient {
  readonly #baseUrl: string;

  /** @param baseUrl like `http://127.0.0.1:4100` */
  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl.replace(/\/+$/, '');
  }

  /** @throws BridgeError, status 409 if a speaker of that id is in the call already */
  async addSpeaker(callId: string, request: PlainSpeakerRequest): Promise<PlainSpeaker> {
    const response = await this.#request('POST', `/calls/${callId}/speakers`, request);
    return (await response.json()) as PlainSpeaker;
  }

  /** Whether the bridge still has the speaker: an update that changes nothing. @throws BridgeError */
  async hasSpeaker(callId: string, speakerId: string): Promise<boolean> {
    return this.#unlessMissing(this.#request('PATCH', `/calls/${callId}/speakers/${speakerId}`, {}));
  }

  /** @returns false if it was gone already @throws BridgeError */
  async removeSpeaker(callId: string, speakerId: string): Promise<boolean> {
    return this.#unlessMissing(this.#request('DELETE', `/calls/${callId}/speakers/${speakerId}`));
  }

  async #unlessMissing(request: Promise<Response>): Promise<boolean> {
    try {
      await request;
      return true;
    } catch (error) {
      if (error instanceof BridgeError && error.status === 404) return false;
      throw error;
    }
  }

  async #request(method: string, path: string, body?: unknown): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(this.#baseUrl + path, {
        method,
        signal: AbortSignal.timeout(requestTimeoutMs),
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
    } catch {
      throw new BridgeError(null, `no bridge answers at ${this.#baseUrl}: is it running?`);
    }
    if (!response.ok) throw new BridgeError(response.status, await describeRefusal(response));
    return response;
  }
}

/** The sentence of the problem details (RFC 9457), or the bare status. */
async function describeRefusal(response: Response): Promise<string> {
  const problem: unknown = await response.json().catch(() => null);
  const { title, detail } = (problem ?? {}) as { title?: unknown; detail?: unknown };
  const words = [title, detail].filter((word) => typeof word === 'string').join(': ');
  return `the bridge refused (HTTP ${response.status})${words === '' ? '' : `: ${words}`}`;
}
