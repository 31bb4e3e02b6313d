import type { AccessRecord } from '@gunicorn-ts/interface';
import { type AccessLineOptions, compileAccessLine } from './access-line.ts';
import type { LineFormat } from './access-log-json.ts';
import { LineFile } from './line-file.ts';
import { openSyslog, type SyslogLog, type SyslogSettings } from './syslog/syslog-log.ts';

/** What an access log is opened with; all but `onError` are settings. */
export interface AccessLogOptions extends AccessLineOptions, Partial<SyslogSettings> {
  /** Path of the file, `-` for stdout; none when only syslog has it. */
  readonly accesslog: string | undefined;
  /** Told once when lines begin to wait or to be dropped, and once when that is over. Default: nobody. */
  onError?(error: Error): void;
}

/** The access log. Lines are written in order and without blocking the loop; no method throws. */
export interface AccessLog {
  write(record: AccessRecord): void;
  /** Opens the file anew by its path, after it was renamed. When that fails the old one stays. */
  reopen(): void;
  /** Writes what waits now, on behalf of a loop that stands still and may go on. */
  flushStanding(): void;
  /** Resolves when all lines are written, after 1 s at the latest; then lines that are left are lost and reported. */
  close(): Promise<void>;
}

/** Whether the settings want an access log of the server's own. */
export function wantsAccessLog(options: Omit<AccessLogOptions, keyof AccessLineOptions>): boolean {
  const { accesslog, syslog, disableRedirectAccessToSyslog } = options;
  return accesslog !== undefined || (syslog === true && disableRedirectAccessToSyslog !== true);
}

class OwnAccessLog implements AccessLog {
  readonly #file: LineFile | undefined;
  readonly #syslog: SyslogLog | undefined;
  readonly #line: LineFormat;
  #isClosed = false;

  constructor(options: AccessLogOptions) {
    const onError = (error: Error): void => options.onError?.(error);
    this.#line = compileAccessLine(options);
    this.#file =
      options.accesslog === undefined ? undefined : new LineFile('accesslog', options.accesslog, onError);
    this.#syslog = openSyslog('access', options, (problem) => onError(new Error(problem)));
  }

  write(record: AccessRecord): void {
    if (this.#isClosed) return;
    const line = this.#line(record, Date.now());
    this.#file?.append(line);
    this.#syslog?.write('info', line);
  }

  reopen(): void {
    if (!this.#isClosed) this.#file?.reopen();
  }

  flushStanding(): void {
    if (!this.#isClosed) this.#file?.flushStanding();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#file?.close();
    this.#syslog?.close();
  }

  endNow(): void {
    this.#file?.endNow();
  }
}

/**
 * Opens the access log. Throws an `OperatorError`: `ERR_LOG_NOT_WRITABLE` when the file cannot be written,
 * `ERR_ACCESS_LOG_FORMAT` when the format is malformed.
 */
export function createAccessLog(options: AccessLogOptions): AccessLog {
  return new OwnAccessLog(options);
}

/** Writes one line now, for a thread that cannot leave it to the event loop: 0.1 s at the most. Throws as {@link createAccessLog}. */
export function writeAccessRecord(record: AccessRecord, options: AccessLogOptions): void {
  const log = new OwnAccessLog(options);
  log.write(record);
  log.endNow();
}
