import { emitKeypressEvents } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';

const ALTERNATE = '\u001b[?1049h\u001b[?25l';
const NORMAL = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** The whole screen of a terminal, and its keys. */
export class Terminal {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  readonly #leave: () => void;

  constructor(
    input: ReadStream,
    output: WriteStream,
    handlers: { onKey(key: string): void; onResize(): void },
  ) {
    this.#input = input;
    this.#output = output;
    this.#leave = () => this.close();
    emitKeypressEvents(input);
    input.setRawMode(true);
    input.on('keypress', (text: string | undefined, key: { name?: string; ctrl?: boolean } | undefined) => {
      handlers.onKey(key?.ctrl === true && key.name === 'c' ? 'q' : (text ?? key?.name ?? ''));
    });
    output.on('resize', () => handlers.onResize());
    output.write(ALTERNATE);
    // Whatever ends this process, the terminal is given back as it was.
    process.once('exit', this.#leave);
  }

  get width(): number {
    return this.#output.columns;
  }

  get height(): number {
    return this.#output.rows;
  }

  /** Writes over what is there, in one piece: no flicker. */
  show(lines: readonly string[]): void {
    const shown = lines.slice(0, this.height).map((line) => line + CLEAR_LINE);
    this.#output.write(HOME + shown.join('\r\n') + CLEAR_BELOW);
  }

  close(): void {
    process.off('exit', this.#leave);
    this.#input.setRawMode(false);
    this.#input.pause();
    this.#output.write(NORMAL);
  }
}
