import {
  LOG_LEVELS,
  type LogEntry,
  type LogFields,
  type Logger,
  type LogLevel,
} from '@gunicorn-ts/interface';
import { createJsonEntry, type EntryFormat, textEntry } from './entry-format.ts';
import { EntryWriter } from './entry-writer.ts';
import { LogFile } from './log-file.ts';

/** The settings that an error log is opened with. */
export interface ErrorLogOptions {
  /** Path of the file, `-` for stderr. */
  readonly errorlog: string;
  /** Least severe level that is written. */
  readonly loglevel: LogLevel;
  readonly logFormat: 'text' | 'json';
}

/** The error log. Entries are written before the call returns; no method but the constructor's throws. */
export interface ErrorLog extends Logger {
  /** Opens the file anew by its path, after it was renamed. When that fails the old one stays, and says so. */
  reopen(): void;
  /** Writes an entry that was made before. */
  write(entry: LogEntry): void;
  close(): void;
}

class FileErrorLog implements ErrorLog {
  readonly #file: LogFile;
  readonly #format: EntryFormat;
  readonly #writer: EntryWriter;
  readonly #threshold: number;

  constructor(options: ErrorLogOptions) {
    this.#file = new LogFile('errorlog', options.errorlog);
    this.#format = options.logFormat === 'json' ? createJsonEntry() : textEntry;
    this.#threshold = LOG_LEVELS.indexOf(options.loglevel);
    this.#writer = new EntryWriter(this.#file, (lost, reason) =>
      this.#format('warning', `${lost} log ${lost === 1 ? 'entry was' : 'entries were'} lost: ${reason}`, {
        lost,
        reason,
      }),
    );
  }

  #log(level: LogLevel, message: string, fields?: LogFields): void {
    if (this.isEnabled(level)) this.#writer.write(this.#format(level, message, fields));
  }

  write({ level, message, fields, at }: LogEntry): void {
    if (this.isEnabled(level)) this.#writer.write(this.#format(level, message, fields, at));
  }

  debug(message: string, fields?: LogFields): void {
    this.#log('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log('info', message, fields);
  }

  warning(message: string, fields?: LogFields): void {
    this.#log('warning', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#log('error', message, fields);
  }

  critical(message: string, fields?: LogFields): void {
    this.#log('critical', message, fields);
  }

  isEnabled(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= this.#threshold;
  }

  reopen(): void {
    try {
      LogFile.release(this.#file.reopen());
    } catch (error) {
      this.error(`${(error as Error).message}. The file that was open before is kept`);
    }
  }

  close(): void {
    this.#writer.reportLoss();
    this.#file.close();
  }
}

/** Opens the error log. Throws an `OperatorError` `ERR_LOG_NOT_WRITABLE` when the file cannot be written. */
export function createErrorLog(options: ErrorLogOptions): ErrorLog {
  return new FileErrorLog(options);
}
