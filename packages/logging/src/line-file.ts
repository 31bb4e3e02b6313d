import type { LogSetting } from './errors.ts';
import { LineBuffer } from './line-buffer.ts';
import { LogFile } from './log-file.ts';

/** How long the end of the process waits for a file that takes no more, in milliseconds. */
const CLOSE_PATIENCE_MS = 1000;
const EXIT_PATIENCE_MS = 100;

/** The file of an access log, and the lines on their way to it. */
export class LineFile {
  readonly #file: LogFile;
  readonly #buffer: LineBuffer;
  readonly #onError: (error: Error) => void;

  constructor(setting: LogSetting, path: string, onError: (error: Error) => void) {
    this.#onError = onError;
    this.#file = new LogFile(setting, path);
    this.#buffer = new LineBuffer(this.#file, (problem) =>
      onError(new Error(`${setting} '${this.#file.path}' ${problem}`)),
    );
    process.on('exit', this.#flushAtExit);
  }

  append(line: string): void {
    this.#buffer.append(`${line}\n`);
  }

  reopen(): void {
    try {
      const old = this.#file.reopen();
      this.#buffer.whenWritten(() => LogFile.release(old));
    } catch (error) {
      const { message } = error as Error;
      this.#onError(new Error(`${message}. The file that was open before is kept`, { cause: error }));
    }
  }

  /** See {@link LineBuffer.flushStanding}. */
  flushStanding(): void {
    this.#buffer.flushStanding(EXIT_PATIENCE_MS);
  }

  async close(): Promise<void> {
    const written = await this.#buffer.flush(CLOSE_PATIENCE_MS);
    process.off('exit', this.#flushAtExit);
    if (!written) this.#buffer.discard();
    this.#buffer.whenWritten(() => this.#file.close());
  }

  /** Ends it now, for a thread that cannot leave it to the event loop. */
  endNow(): void {
    process.off('exit', this.#flushAtExit);
    this.#buffer.flushSync(EXIT_PATIENCE_MS);
    this.#file.close();
  }

  #flushAtExit = (): void => this.#buffer.flushSync(EXIT_PATIENCE_MS);
}
