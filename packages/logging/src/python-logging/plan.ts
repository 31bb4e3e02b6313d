import { type LogLevel, LOG_LEVELS, SYSLOG_FACILITIES, type SyslogFacility } from '@gunicorn-ts/interface';
import { fieldsOf, type FormatterPlan, GENERIC, LEVEL_NUMBERS, PLACE_FIELDS } from './formatter.ts';
import type { Literal } from './literal.ts';

/** Where a handler writes. */
export type HandlerTarget =
  | { readonly kind: 'stdout' | 'stderr' }
  | { readonly kind: 'file'; readonly path: string }
  /** `address` as the setting `syslogAddr` has it. */
  | { readonly kind: 'syslog'; readonly address: string; readonly facility: SyslogFacility };

export interface HandlerPlan {
  readonly name: string;
  readonly target: HandlerTarget;
  /** Least severe level that it writes, by `logging`'s numbers. */
  readonly level: number;
  readonly formatter: FormatterPlan;
}

/** One of the server's loggers: with the handlers that records of it get to. */
export interface LoggerPlan {
  readonly level: LogLevel | undefined;
  readonly handlers: readonly HandlerPlan[];
}

/** What a logging configuration says of the server's own two loggers. */
export interface LoggingPlan {
  /** `undefined` when nothing is said of it, or nothing that can be done: it is written as ever. */
  readonly error: LoggerPlan | undefined;
  readonly access: LoggerPlan | undefined;
  /** What cannot be done of it, in words. */
  readonly notes: readonly string[];
}

type Members = Readonly<Record<string, Literal>>;

const PLAIN: FormatterPlan = { format: '%(message)s', datefmt: undefined, style: '%', isJson: false };
const JSON_FORMATTER = /^pythonjsonlogger\.(?:\w+\.)*JsonFormatter$/;
const ROTATING = new Set([
  'logging.handlers.RotatingFileHandler',
  'logging.handlers.TimedRotatingFileHandler',
]);
/** Python's root logger begins with `WARNING`. */
const ROOT_LEVEL = 30;
const LEVEL_NAMES: Readonly<Record<string, number>> = {
  NOTSET: 0,
  WARN: 30,
  FATAL: 50,
  ...Object.fromEntries(LOG_LEVELS.map((level) => [level.toUpperCase(), LEVEL_NUMBERS[level]])),
};

/** Gunicorn's `CONFIG_DEFAULTS`, over which a configuration is laid, member by member. */
export const DICT_DEFAULTS: Members = {
  root: { level: 'INFO', handlers: ['console'] },
  loggers: {
    'gunicorn.error': { level: 'INFO', handlers: ['error_console'], propagate: true },
    'gunicorn.access': { level: 'INFO', handlers: ['console'], propagate: true },
  },
  handlers: {
    console: { class: 'logging.StreamHandler', formatter: 'generic', stream: 'ext://sys.stdout' },
    error_console: { class: 'logging.StreamHandler', formatter: 'generic', stream: 'ext://sys.stderr' },
  },
  formatters: { generic: { format: GENERIC.format, datefmt: GENERIC.datefmt! } },
};

/**
 * What `dictConfig` would make of this for `gunicorn.error` and `gunicorn.access`. Pure.
 * @throws {TypeError} whose message completes "FILE …", where Python would refuse it too
 */
export function planLogging(config: Members): LoggingPlan {
  const planner = new Planner(config);
  const error = planner.logger('gunicorn.error');
  const access = planner.logger('gunicorn.access');
  return { error, access, notes: [...planner.notes] };
}

class Planner {
  readonly notes: Set<string> = new Set();
  readonly #config: Members;

  constructor(config: Members) {
    this.#config = config;
  }

  logger(name: string): LoggerPlan | undefined {
    const loggers = membersOf(this.#config['loggers']);
    const own = loggers[name];
    if (own === undefined) return undefined;
    const chain = [membersOf(own)];
    for (const above of [loggers['gunicorn'], this.#config['root']]) {
      // Gunicorn has its own two pass on nothing; a dict changes that where it says so, a file in INI always.
      const passesOn = Boolean(chain.at(-1)!['propagate'] ?? chain.length > 1);
      if (above === undefined || !passesOn) continue;
      chain.push(membersOf(above));
    }
    if (Array.isArray(chain[0]!['filters']) && chain[0]!['filters'].length > 0)
      this.notes.add(
        `the filters of ${name}, which are code of Python: accessLogExclude leaves out requests`,
      );
    const names = chain.flatMap((one) => textsOf(one['handlers']));
    const handlers = names.flatMap((one) => this.#handler(one, name) ?? []);
    if (names.length > 0 && handlers.every((one) => one === 'nothing') && !handlers.includes('nothing'))
      return undefined;
    return {
      level: this.#level([membersOf(own), membersOf(loggers['gunicorn'] ?? {})]),
      handlers: handlers.filter((one) => one !== 'nothing'),
    };
  }

  /**
   * What counts in the end: `NOTSET` is the level of the nearest logger above that has one, whether lines are passed on
   * or not. `undefined` where the logger is given none, and keeps what Gunicorn has given it.
   */
  #level(loggers: readonly Members[]): LogLevel | undefined {
    if (loggers[0]?.['level'] === undefined || loggers[0]['level'] === null) return undefined;
    for (const { level } of loggers) {
      const own = levelNumber(level) ?? 0;
      if (own > 0) return levelOf(own);
    }
    const root = membersOf(this.#config['root'] ?? {})['level'];
    return levelOf(levelNumber(root) ?? ROOT_LEVEL);
  }

  /** `undefined` for one that cannot be had. */
  #handler(name: string, logger: string): HandlerPlan | 'nothing' | undefined {
    const found = membersOf(this.#config['handlers'])[name];
    if (found === undefined)
      throw new TypeError(
        `has no handler ${JSON.stringify(name)}, which logger ${JSON.stringify(logger)} names`,
      );
    const handler = membersOf(found);
    const named = typeof handler['class'] === 'string' ? handler['class'] : '()';
    if (named === 'logging.NullHandler') return 'nothing';
    if (textsOf(handler['filters']).length > 0)
      this.notes.add(
        `the filters of handler ${name}, which are code of Python: accessLogExclude leaves out requests`,
      );
    const target = this.#target(name, named, handler);
    if (target === undefined) return undefined;
    return {
      name,
      target,
      level: levelNumber(handler['level']) ?? 0,
      formatter: this.#formatter(handler['formatter']),
    };
  }

  #target(name: string, named: string, handler: Members): HandlerTarget | undefined {
    const args = Array.isArray(handler['args'])
      ? handler['args']
      : handler['args'] === undefined
        ? []
        : [handler['args']];
    const given = { ...membersOf(handler['kwargs'] ?? {}), ...handler };
    const argument = (position: number, key: string): Literal | undefined => given[key] ?? args[position];
    if (ROTATING.has(named))
      this.notes.add(
        `the rotation of handler ${name}, since many processes write the file: logrotate and "gunicorn reopen-logs" do it`,
      );
    switch (named) {
      case 'logging.StreamHandler': {
        const stream = nameOf(argument(0, 'stream'));
        if (stream === undefined || stream === 'sys.stderr') return { kind: 'stderr' };
        if (stream === 'sys.stdout') return { kind: 'stdout' };
        break;
      }
      case 'logging.FileHandler':
      case 'logging.handlers.WatchedFileHandler':
      case 'logging.handlers.RotatingFileHandler':
      case 'logging.handlers.TimedRotatingFileHandler': {
        const path = argument(0, 'filename');
        if (typeof path === 'string' && path !== '') return { kind: 'file', path };
        throw new TypeError(`gives handler ${JSON.stringify(name)} no filename`);
      }
      case 'logging.handlers.SysLogHandler': {
        const address = syslogAddress(argument(0, 'address'));
        const facility = facilityOf(argument(1, 'facility'));
        if (address !== undefined && facility !== undefined) return { kind: 'syslog', address, facility };
        break;
      }
    }
    this.notes.add(`handler ${name} (${named}), which is code of Python`);
    return undefined;
  }

  #formatter(named: Literal | undefined): FormatterPlan {
    if (typeof named !== 'string') return PLAIN;
    const found = membersOf(this.#config['formatters'])[named];
    if (found === undefined)
      throw new TypeError(`has no formatter ${JSON.stringify(named)}, which a handler names`);
    const { format, fmt, datefmt, style, class: made, '()': factory } = membersOf(found);
    const kind = textOf(made) ?? textOf(factory) ?? 'logging.Formatter';
    const isJson = JSON_FORMATTER.test(kind);
    if (kind !== 'logging.Formatter' && !isJson)
      this.notes.add(
        `formatter ${named} (${kind}), which is code of Python: logFormat: 'json' writes objects`,
      );
    const plan: FormatterPlan = {
      format: textOf(format) ?? textOf(fmt) ?? PLAIN.format,
      datefmt: textOf(datefmt),
      style: style === '{' || style === '$' ? style : '%',
      isJson,
    };
    const places = fieldsOf(plan).filter((field) => field in PLACE_FIELDS);
    if (places.length > 0)
      this.notes.add(
        `${places.join(', ')} in formatter ${named}, since there is no source of Python: "-" or 0 is written`,
      );
    return plan;
  }
}

function membersOf(value: Literal | undefined): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

function textOf(value: Literal | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsOf(value: Literal | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** `ext://sys.stdout` of a dict, `sys.stdout` of a file. */
function nameOf(value: Literal | undefined): string | undefined {
  if (typeof value === 'string') return value.replace(/^ext:\/\//, '');
  const { name } = membersOf(value);
  return textOf(name);
}

function levelNumber(value: Literal | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? LEVEL_NAMES[value.toUpperCase()] : undefined;
}

/** The least severe of our levels that is at least this one. */
function levelOf(number: number): LogLevel {
  return LOG_LEVELS.find((level) => LEVEL_NUMBERS[level] >= number) ?? 'critical';
}

function syslogAddress(value: Literal | undefined): string | undefined {
  if (value === undefined) return 'udp://localhost:514';
  if (typeof value === 'string') return `unix://${value}`;
  if (!Array.isArray(value)) return undefined;
  const [host, port] = value as readonly Literal[];
  if (typeof host !== 'string' || typeof port !== 'number') return undefined;
  return `udp://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function facilityOf(value: Literal | undefined): SyslogFacility | undefined {
  if (value === undefined) return 'user';
  const entries = Object.entries(SYSLOG_FACILITIES) as [SyslogFacility, number][];
  if (typeof value === 'number') return entries.find(([, number]) => number === value)?.[0];
  const word = nameOf(value)?.split('.').at(-1)?.toLowerCase().replace(/^log_/, '');
  return entries.find(([name]) => name === word)?.[0];
}
