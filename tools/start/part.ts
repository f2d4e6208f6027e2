/** One of the processes that make up Undertone on this machine. */
export interface Part {
  /** As shown to the user: "bridge". Also the name of its log file. */
  readonly name: string;
  /** Arguments to Node. */
  readonly args: readonly string[];
  /** What this part has in its environment beside ours. */
  readonly env: Readonly<Record<string, string>>;
  /** Answers 200 once the part is ready; null for a part that serves nothing. */
  readonly readyUrl: string | null;
}
