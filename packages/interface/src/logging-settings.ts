import type { LogLevel } from './logger.ts';

/** Requests that the access log leaves out: those that all given members fit, where `*` stands for any text. */
export interface AccessExclusion {
  /** Of the target, without its query. */
  readonly path?: string;
  /** In any case of letters. */
  readonly userAgent?: string;
  readonly method?: string;
}

/** Facilities of syslog, with the numbers that stand for them. */
export const SYSLOG_FACILITIES = {
  auth: 4,
  authpriv: 10,
  cron: 9,
  daemon: 3,
  ftp: 11,
  kern: 0,
  lpr: 6,
  mail: 2,
  news: 7,
  security: 4,
  syslog: 5,
  user: 1,
  uucp: 8,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const;

/** One of {@link SYSLOG_FACILITIES}. */
export type SyslogFacility = keyof typeof SYSLOG_FACILITIES;

/** The part of the settings that is about the two logs. */
export interface LoggingSettings {
  /** File for the access log; `-` is stdout. Default: none. */
  accesslog: string | undefined;
  /** Format of an access log line, in Gunicorn's atoms. Default: the combined log format. */
  accessLogFormat: string;
  /**
   * Requests that the access log leaves out, such as health checks: a path, `agent:` and a user agent, or an object with
   * `path`, `userAgent`, `method`; `*` is any text. Those with a status of 400 or more, and slow ones, are written all the
   * same. Default: none.
   */
  accessLogExclude: readonly AccessExclusion[];
  /** Part of the requests that the access log has, from 0 to 1; those with a status of 400 or more, and slow ones, always. Default: 1. */
  accessLogSample: number;
  /** Seconds from which on a request is slow, and neither excluded nor left out by sampling; 0 is never. Default: 1. */
  accessLogSlow: number;
  /**
   * Header for an id of each request: taken from the peers in `forwardedAllowIps`, or made; given to the application, sent
   * with the response, and written in both logs. Default: none.
   */
  requestIdHeader: string | undefined;
  /** File for the error log; `-` is stderr. Default: `-`. */
  errorlog: string;
  /** Least severe level that is logged. Default: `info`. */
  loglevel: LogLevel;
  /** `text`: the lines that Gunicorn writes; `json`: one object a line; `ecs`: the same with the names of Elastic's Common Schema. Both logs. Default: `text`. */
  logFormat: 'text' | 'json' | 'ecs';
  /** Send what the application writes to stdout and stderr to the `errorlog` file. Default: false. */
  captureOutput: boolean;
  /**
   * What writes the logs in the server's place: a module whose default export is a class (`./logger.ts`), or for Python
   * applications a class in Python that extends `gunicorn.glogging.Logger`. Default: none.
   */
  loggerClass: string | undefined;
  /** Send both logs to syslog, beside their files. Default: false. */
  syslog: boolean;
  /**
   * Where syslog listens: `udp://HOST:PORT`, `tcp://HOST:PORT`, `unix://PATH`, `unix://PATH#dgram` or `#stream`.
   * Default: `udp://localhost:514` on Linux, and the usual socket elsewhere.
   */
  syslogAddr: string;
  /** Stands in each message, as in `gunicorn.PREFIX.error`. Default: `procName`, or the application. */
  syslogPrefix: string | undefined;
  /** Facility of the messages: `user`, `daemon`, `local0` and the others that syslog has. Default: `user`. */
  syslogFacility: SyslogFacility;
  /** Keep the access log out of syslog. Default: false. */
  disableRedirectAccessToSyslog: boolean;
}
