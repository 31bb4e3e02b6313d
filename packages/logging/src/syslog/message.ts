import { type LogLevel, SYSLOG_FACILITIES, type SyslogFacility } from '@gunicorn-ts/interface';

/** RFC 5424, section 6.2.1. */
const SEVERITIES: Readonly<Record<LogLevel, number>> = {
  critical: 2,
  error: 3,
  warning: 4,
  info: 6,
  debug: 7,
};

/** What stands in front of each message of one log. */
export interface SyslogNames {
  readonly facility: SyslogFacility;
  /** `gunicorn.PREFIX.error` */
  readonly program: string;
}

/** `gunicorn.shop.access`; of an application such as `shop.wsgi:app` the colon, which would end the name, becomes a dot. */
export function programName(prefix: string | undefined, name: string, log: 'error' | 'access'): string {
  return `gunicorn.${prefix ?? name.replaceAll(':', '.')}.${log}`;
}

/** A message as Gunicorn sends it: no time, no host, and a NUL at its end. */
export function syslogMessage({ facility, program }: SyslogNames, level: LogLevel, text: string): Buffer {
  return priorityMessage(facility, level, `${program}: [${process.pid}] ${text}`);
}

/** As Python's `SysLogHandler` sends what a formatter made. */
export function priorityMessage(facility: SyslogFacility, level: LogLevel, text: string): Buffer {
  return Buffer.from(`<${SYSLOG_FACILITIES[facility] * 8 + SEVERITIES[level]}>${text}\0`);
}
