const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const redrawMs = 100;
const plainLineMs = 15_000;

/**
 * One step of the set-up as the user sees it. On a terminal: a line with a spinner, the time taken so far and the latest
 * detail, redrawn in place. Elsewhere: a line at the start, one every 15 seconds, and one at the end.
 */
export class Step {
  /** @type {string} */ #title;
  /** @type {NodeJS.WriteStream} */ #stream;
  #detail = '';
  #frame = 0;
  #startedAtMs = Date.now();
  /** @type {NodeJS.Timeout} */ #timer;

  /**
   * @param {string} title what is being done, as in "Installing dependencies"
   * @param {NodeJS.WriteStream} [stream]
   */
  constructor(title, stream = process.stderr) {
    this.#title = title;
    this.#stream = stream;
    if (!stream.isTTY) stream.write(`· ${title}\n`);
    this.#timer = setInterval(() => this.#show(), stream.isTTY ? redrawMs : plainLineMs);
    this.#timer.unref();
  }

  /** @param {string} detail how far it is, as in "45 %"; replaces the detail before */
  update(detail) {
    this.#detail = detail;
  }

  /** @param {string} [result] what came of it */
  done(result) {
    this.#end('✓', result);
  }

  fail() {
    this.#end('✗');
  }

  #show() {
    const line = [this.#title, this.#detail, this.#elapsed()].filter(Boolean).join('  ');
    if (!this.#stream.isTTY) {
      this.#stream.write(`· ${line}\n`);
      return;
    }
    this.#frame = (this.#frame + 1) % spinner.length;
    const room = Math.max(20, (this.#stream.columns ?? 80) - 3);
    this.#stream.write(`\r\x1b[2K${spinner[this.#frame]} ${line.slice(0, room)}`);
  }

  /**
   * @param {string} sign
   * @param {string} [result]
   */
  #end(sign, result) {
    clearInterval(this.#timer);
    const line = [`${sign} ${this.#title}`, result, this.#elapsed()].filter(Boolean).join('  ');
    this.#stream.write(`${this.#stream.isTTY ? '\r\x1b[2K' : ''}${line}\n`);
  }

  #elapsed() {
    const seconds = Math.round((Date.now() - this.#startedAtMs) / 1000);
    return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
}
