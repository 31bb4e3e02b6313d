import type { AccessRecord } from '@gunicorn-ts/interface';
import { compileAccessLogFormat } from './access-log-format.ts';
import { compileAccessLogJson } from './access-log-json.ts';
import { LineBuffer } from './line-buffer.ts';
import { LogFile } from './log-file.ts';

/** What an access log is opened with; all but `onError` are settings. */
export interface AccessLogOptions {
  /** Path of the file, `-` for stdout. */
  readonly accesslog: string;
  /** In Gunicorn's atoms. With `json` only the headers and variables that it names matter. */
  readonly accessLogFormat: string;
  readonly logFormat: 'text' | 'json';
  /** Told once when lines begin to wait or to be dropped, and once when that is over. Default: nobody. */
  onError?(error: Error): void;
}

/** The access log. Lines are written in order and without blocking the loop; no method throws. */
export interface AccessLog {
  write(record: AccessRecord): void;
  /** Opens the file anew by its path, after it was renamed. When that fails the old one stays. */
  reopen(): void;
  /** Resolves when all lines are written, after 1 s at the latest; then lines that are left are lost and reported. */
  close(): Promise<void>;
}

/** How long the end of the process waits for a file that takes no more, in milliseconds. */
const CLOSE_PATIENCE_MS = 1000;
const EXIT_PATIENCE_MS = 100;

class FileAccessLog implements AccessLog {
  readonly #file: LogFile;
  readonly #buffer: LineBuffer;
  readonly #line: (record: AccessRecord, now: Date) => string;
  readonly #onError: (error: Error) => void;
  #closed = false;

  constructor(options: AccessLogOptions) {
    this.#line = compileLine(options);
    this.#onError = (error) => options.onError?.(error);
    this.#file = new LogFile('accesslog', options.accesslog);
    this.#buffer = new LineBuffer(this.#file, (problem) =>
      this.#onError(new Error(`accesslog '${this.#file.path}' ${problem}`)),
    );
    process.on('exit', this.#flushAtExit);
  }

  write(record: AccessRecord): void {
    if (this.#closed) return;
    this.#buffer.append(`${this.#line(record, new Date())}\n`);
  }

  reopen(): void {
    if (this.#closed) return;
    try {
      const old = this.#file.reopen();
      this.#buffer.whenWritten(() => LogFile.release(old));
    } catch (error) {
      const { message } = error as Error;
      this.#onError(new Error(`${message}. The file that was open before is kept`, { cause: error }));
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const written = await this.#buffer.flush(CLOSE_PATIENCE_MS);
    process.off('exit', this.#flushAtExit);
    if (!written) this.#buffer.discard();
    this.#buffer.whenWritten(() => this.#file.close());
  }

  #flushAtExit = (): void => this.#buffer.flushSync(EXIT_PATIENCE_MS);
}

/**
 * Opens the access log. Throws an `OperatorError`: `ERR_LOG_NOT_WRITABLE` when the file cannot be written,
 * `ERR_ACCESS_LOG_FORMAT` when the format is malformed.
 */
export function createAccessLog(options: AccessLogOptions): AccessLog {
  return new FileAccessLog(options);
}

/** Writes one line now, for a thread that cannot leave it to the event loop: 0.1 s at the most. Throws as {@link createAccessLog}. */
export function writeAccessRecord(record: AccessRecord, options: AccessLogOptions): void {
  const line = compileLine(options);
  const file = new LogFile('accesslog', options.accesslog);
  const buffer = new LineBuffer(file, (problem) => options.onError?.(new Error(problem)));
  buffer.append(`${line(record, new Date())}\n`);
  buffer.flushSync(EXIT_PATIENCE_MS);
  file.close();
}

function compileLine({
  accessLogFormat,
  logFormat,
}: AccessLogOptions): (record: AccessRecord, now: Date) => string {
  return logFormat === 'json'
    ? compileAccessLogJson(accessLogFormat)
    : compileAccessLogFormat(accessLogFormat).line;
}
