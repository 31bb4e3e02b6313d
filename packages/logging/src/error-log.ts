import {
  LOG_LEVELS,
  type LogEntry,
  type LogFields,
  type Logger,
  type LogLevel,
} from '@gunicorn-ts/interface';
import { createEcsEntry } from './entry-ecs.ts';
import { createJsonEntry, type EntryFormat, messageText, textEntry } from './entry-format.ts';
import { EntryWriter } from './entry-writer.ts';
import { LogFile } from './log-file.ts';
import { openSyslog, type SyslogLog, type SyslogSettings } from './syslog/syslog-log.ts';

/** The settings that an error log is opened with. */
export interface ErrorLogOptions extends Partial<SyslogSettings> {
  /** Path of the file, `-` for stderr. */
  readonly errorlog: string;
  /** Least severe level that is written. */
  readonly loglevel: LogLevel;
  readonly logFormat: 'text' | 'json' | 'ecs';
}

/** The error log. Entries are written before the call returns; no method but the constructor's throws. */
export interface ErrorLog extends Logger {
  /** Opens the file anew by its path, after it was renamed. When that fails the old one stays, and says so. */
  reopen(): void;
  /** Writes an entry that was made before. */
  write(entry: LogEntry): void;
  /** The entry as its file has it, without the new line at its end. */
  render(entry: LogEntry): string;
  /** From now on entries of this level are the least severe that are written. */
  setLevel(level: LogLevel): void;
  close(): void;
}

class FileErrorLog implements ErrorLog {
  readonly #file: LogFile;
  readonly #format: EntryFormat;
  readonly #writer: EntryWriter;
  readonly #syslog: SyslogLog | undefined;
  #threshold: number;

  constructor(options: ErrorLogOptions) {
    this.#file = new LogFile('errorlog', options.errorlog);
    this.#format = formatOf(options);
    this.#threshold = LOG_LEVELS.indexOf(options.loglevel);
    this.#writer = new EntryWriter(this.#file, (lost, reason) =>
      this.#format('warning', `${lost} log ${lost === 1 ? 'entry was' : 'entries were'} lost: ${reason}`, {
        lost,
        reason,
      }),
    );
    this.#syslog = openSyslog('error', options, (problem) =>
      this.#writer.write(this.#format('warning', problem)),
    );
  }

  #log(level: LogLevel, message: string, fields?: LogFields, at?: Date): void {
    if (!this.isEnabled(level)) return;
    const entry = this.#format(level, message, fields, at);
    this.#writer.write(entry);
    // Syslog brings time and level of its own: of a text entry it gets the message.
    this.#syslog?.write(level, this.#format === textEntry ? messageText(message) : entry.trimEnd());
  }

  write({ level, message, fields, at }: LogEntry): void {
    this.#log(level, message, fields, at);
  }

  render({ level, message, fields, at }: LogEntry): string {
    return this.#format(level, message, fields, at).trimEnd();
  }

  setLevel(level: LogLevel): void {
    this.#threshold = LOG_LEVELS.indexOf(level);
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
    this.#syslog?.close();
  }
}

function formatOf({ logFormat, procName, app }: ErrorLogOptions): EntryFormat {
  if (logFormat === 'ecs') return createEcsEntry({ serviceName: procName ?? app });
  return logFormat === 'json' ? createJsonEntry() : textEntry;
}

/** Opens the error log. Throws an `OperatorError` `ERR_LOG_NOT_WRITABLE` when the file cannot be written. */
export function createErrorLog(options: ErrorLogOptions): ErrorLog {
  return new FileErrorLog(options);
}
