import { LOG_LEVELS, type LogLevel } from '@gunicorn-ts/interface';
import { defineSection, type Definitions } from '../definition.ts';
import { oneOf, optionalText, text, yesOrNo } from '../value.ts';

/** `warn` is what Python's own logging calls it too. */
function logLevel(value: unknown): LogLevel {
  return typeof value === 'string' && /^\s*warn\s*$/i.test(value) ? 'warning' : levelName(value);
}

const levelName = oneOf(LOG_LEVELS);

type Keys = 'accesslog' | 'accessLogFormat' | 'errorlog' | 'loglevel' | 'logFormat' | 'captureOutput';

export const loggingSettings: Definitions<Keys> = defineSection('Logging', {
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
    default: '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"',
    defaultText: 'the combined log format',
    parse: text,
    flag: { names: ['--access-logformat'], kind: 'value', metavar: 'FORMAT' },
    example: `'%(h)s "%(r)s" %(s)s %(D)s'`,
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
    describe: '`text`: the lines that Gunicorn writes; `json`: one object a line, in both logs.',
    default: 'text',
    parse: oneOf(['text', 'json']),
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
});
