import {
  LOG_LEVELS,
  type LoggingSettings,
  type LogLevel,
  SYSLOG_FACILITIES,
  type SyslogFacility,
} from '@gunicorn-ts/interface';
import { DEFAULT_ACCESS_FORMAT, defaultSyslogAddress, parseSyslogAddress } from '@gunicorn-ts/logging';
import { accessExclusions } from '../access-exclusions.ts';
import { defineSection, type Definitions } from '../definition.ts';
import { headerName, oneOf, optionalText, portion, quote, seconds, text, yesOrNo } from '../value.ts';

/** `warn` is what Python's own logging calls it too. */
function logLevel(value: unknown): LogLevel {
  return typeof value === 'string' && /^\s*warn\s*$/i.test(value) ? 'warning' : levelName(value);
}

const levelName = oneOf(LOG_LEVELS);

function syslogAddress(value: unknown): string {
  const address = text(value);
  parseSyslogAddress(address);
  return address;
}

const facility = oneOf(Object.keys(SYSLOG_FACILITIES) as SyslogFacility[]);

/** It becomes a part of each message, whose reader ends the name of the program at a colon or a space. */
function syslogPrefix(value: unknown): string | undefined {
  const prefix = optionalText(value);
  if (prefix === undefined || /^[\x21-\x7e]+$/.test(prefix)) return prefix;
  throw new TypeError(`must be printable ASCII without spaces, not ${quote(value)}`);
}

export const loggingSettings: Definitions<keyof LoggingSettings> = defineSection('Logging', {
  accesslog: {
    describe: 'File for the access log; `-` is stdout.',
    default: undefined,
    parse: optionalText,
    isPath: true,
    flag: { names: ['--access-logfile'], kind: 'value', metavar: 'FILE' },
    example: `'-'`,
  },
  accessLogFormat: {
    describe: "Format of an access log line, in Gunicorn's atoms.",
    default: DEFAULT_ACCESS_FORMAT,
    defaultText: 'the combined log format',
    parse: text,
    flag: { names: ['--access-logformat'], kind: 'value', metavar: 'FORMAT' },
    example: `'%(h)s "%(r)s" %(s)s %(D)s'`,
  },
  accessLogExclude: {
    describe:
      'Requests that the access log leaves out, such as health checks: a path, `agent:` and a user agent, or an object with `path`, `userAgent`, `method`; `*` is any text. Those with a status of 400 or more, and slow ones, are written all the same.',
    default: [],
    parse: accessExclusions,
    flag: { names: ['--access-log-exclude'], kind: 'repeatable', metavar: 'PATTERN' },
    example: `['/healthz', '/static/*', 'agent:kube-probe/*']`,
  },
  accessLogSample: {
    describe:
      'Part of the requests that the access log has, from 0 to 1; those with a status of 400 or more, and slow ones, always.',
    default: 1,
    parse: portion,
    flag: { names: ['--access-log-sample'], kind: 'value', metavar: 'PORTION' },
    example: '0.1',
  },
  accessLogSlow: {
    describe:
      'Seconds from which on a request is slow, and neither excluded nor left out by sampling; 0 is never.',
    unit: 's',
    default: 1,
    parse: seconds,
    flag: { names: ['--access-log-slow'], kind: 'value', metavar: 'SECONDS' },
    example: '0.5',
  },
  requestIdHeader: {
    describe:
      'Header for an id of each request: taken from the peers in `forwardedAllowIps`, or made; given to the application, sent with the response, and written in both logs.',
    default: undefined,
    parse: headerName,
    flag: { names: ['--request-id-header'], kind: 'value', metavar: 'NAME' },
    example: `'X-Request-ID'`,
  },
  errorlog: {
    describe: 'File for the error log; `-` is stderr.',
    default: '-',
    parse: text,
    isPath: true,
    flag: { names: ['--error-logfile', '--log-file'], kind: 'value', metavar: 'FILE' },
    example: `'/var/log/app/error.log'`,
  },
  loglevel: {
    describe: 'Least severe level that is logged.',
    default: 'info',
    parse: logLevel,
    flag: { names: ['--log-level'], kind: 'value', metavar: 'LEVEL' },
    example: `'warning'`,
  },
  logFormat: {
    describe:
      "`text`: the lines that Gunicorn writes; `json`: one object a line; `ecs`: the same with the names of Elastic's Common Schema. Both logs.",
    default: 'text',
    parse: oneOf(['text', 'json', 'ecs']),
    flag: { names: ['--log-format'], kind: 'value', metavar: 'FORMAT' },
    example: `'json'`,
  },
  captureOutput: {
    describe: 'Send what the application writes to stdout and stderr to the `errorlog` file.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--capture-output'], kind: 'switch' },
    example: 'true',
  },
  loggerClass: {
    describe:
      "What writes the logs in the server's place: a module whose default export is a class (`./logger.ts`), or for Python applications a class in Python that extends `gunicorn.glogging.Logger`.",
    default: undefined,
    parse: optionalText,
    flag: { names: ['--logger-class'], kind: 'value', metavar: 'STRING' },
    example: `'./logger.ts'`,
  },
  syslog: {
    describe: 'Send both logs to syslog, beside their files.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--log-syslog'], kind: 'switch' },
    example: 'true',
  },
  syslogAddr: {
    describe:
      'Where syslog listens: `udp://HOST:PORT`, `tcp://HOST:PORT`, `unix://PATH`, `unix://PATH#dgram` or `#stream`.',
    default: defaultSyslogAddress(process.platform),
    defaultText: '`udp://localhost:514` on Linux, and the usual socket elsewhere',
    parse: syslogAddress,
    flag: { names: ['--log-syslog-to'], kind: 'value', metavar: 'ADDRESS' },
    example: `'unix:///dev/log#dgram'`,
  },
  syslogPrefix: {
    describe: 'Stands in each message, as in `gunicorn.PREFIX.error`.',
    default: undefined,
    defaultText: '`procName`, or the application',
    parse: syslogPrefix,
    flag: { names: ['--log-syslog-prefix'], kind: 'value', metavar: 'PREFIX' },
    example: `'shop'`,
  },
  syslogFacility: {
    describe: 'Facility of the messages: `user`, `daemon`, `local0` and the others that syslog has.',
    default: 'user',
    parse: facility,
    flag: { names: ['--log-syslog-facility'], kind: 'value', metavar: 'FACILITY' },
    example: `'local0'`,
  },
  disableRedirectAccessToSyslog: {
    describe: 'Keep the access log out of syslog.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--disable-redirect-access-to-syslog'], kind: 'switch' },
    example: 'true',
  },
});
