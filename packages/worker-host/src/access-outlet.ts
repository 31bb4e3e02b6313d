import type { AccessRecord, ApplicationLog, LogLine, Settings } from '@gunicorn-ts/interface';
import {
  type AccessFilter,
  type AccessLog,
  type AccessLogOptions,
  compileAccessFilter,
  compileAccessLine,
} from '@gunicorn-ts/logging';

/**
 * Where the records of a worker's access log go: past what the settings leave out, to the application when it wants them,
 * or to the server's own log; and to whoever follows the logs. Lives in the worker process.
 */
export class AccessOutlet {
  readonly #settings: Readonly<Settings>;
  readonly #filter: AccessFilter | undefined;
  readonly #own: AccessLog | undefined;
  #theirs: ApplicationLog | undefined;
  #follower: ((record: AccessRecord) => void) | undefined;

  constructor(settings: Readonly<Settings>, own: AccessLog | undefined) {
    this.#settings = settings;
    this.#filter = compileAccessFilter(settings);
    this.#own = own;
  }

  /** The application is offered records first; what it does not take goes to the server's own log, if there is one. */
  offerTo(theirs: ApplicationLog): void {
    this.#theirs = theirs;
  }

  write(record: AccessRecord): void {
    if (this.#filter !== undefined && !this.#filter(record)) return;
    this.#follower?.(record);
    if (this.#theirs?.write(record) !== true) this.#own?.write(record);
  }

  /** Tells of each further line, until it is given `undefined`. */
  follow(follower: ((line: LogLine) => void) | undefined): void {
    if (follower === undefined) {
      this.#follower = undefined;
      return;
    }
    const line = compileAccessLine(accessLogOptions(this.#settings));
    this.#follower = (record) => {
      const now = Date.now();
      follower({
        log: 'access',
        level: levelOf(record.status),
        pid: process.pid,
        at: now,
        text: line(record, now),
      });
    };
  }

  /** See `AccessLog.flushStanding`. */
  flushStanding(): void {
    this.#theirs?.flushStanding?.();
    this.#own?.flushStanding();
  }

  reopen(): void {
    this.#own?.reopen();
  }

  async close(): Promise<void> {
    await this.#own?.close();
  }
}

function levelOf(status: number): LogLine['level'] {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warning' : 'info';
}

/** What of the settings an access log is opened with; data, which another thread can be given. */
export function accessLogOptions(settings: Readonly<Settings>): AccessLogOptions {
  const { accesslog, accessLogFormat, logFormat, requestIdHeader, accessLogSample, procName, app } = settings;
  const { syslog, syslogAddr, syslogPrefix, syslogFacility, disableRedirectAccessToSyslog } = settings;
  return {
    accesslog,
    accessLogFormat,
    logFormat,
    requestIdHeader,
    accessLogSample,
    serviceName: procName ?? app,
    procName,
    app,
    syslog,
    syslogAddr,
    syslogPrefix,
    syslogFacility,
    disableRedirectAccessToSyslog,
  };
}
