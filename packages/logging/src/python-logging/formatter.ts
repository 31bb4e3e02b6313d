import type { LogLevel } from '@gunicorn-ts/interface';
import { formatTime } from './strftime.ts';

/** What a formatter writes of. */
export interface FormattedRecord {
  /** `gunicorn.error` or `gunicorn.access`. */
  readonly name: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly at: Date;
}

/** A line without its end. */
export type Formatter = (record: FormattedRecord) => string;

/** A formatter as a configuration describes it. */
export interface FormatterPlan {
  readonly format: string;
  readonly datefmt: string | undefined;
  readonly style: '%' | '{' | '$';
  /** An object with the fields of the format instead of a text. */
  readonly isJson: boolean;
}

/** Gunicorn's own, which a configuration need not name. */
export const GENERIC: FormatterPlan = {
  format: '%(asctime)s [%(process)d] [%(levelname)s] %(message)s',
  datefmt: '[%Y-%m-%d %H:%M:%S %z]',
  style: '%',
  isJson: false,
};

/** `logging`'s numbers. */
export const LEVEL_NUMBERS: Readonly<Record<LogLevel, number>> = {
  debug: 10,
  info: 20,
  warning: 30,
  error: 40,
  critical: 50,
};

/** Where in the source of a Python program: there is none. */
export const PLACE_FIELDS: Readonly<Record<string, string | number>> = {
  filename: '-',
  funcName: '-',
  lineno: 0,
  module: '-',
  pathname: '-',
};

const PATTERNS = {
  '%': /%(?:%|\((\w+)\)([-+ #0]*)(\d*)(?:\.(\d+))?[sdifr])/g,
  '{': /\{\{|\}\}|\{(\w+)(?:![rsa])?(?::(?:(.)?([<>^]))?(0?)(\d*)(?:\.(\d+))?[sdf]?)?\}/g,
  $: /\$\$|\$\{(\w+)\}|\$(\w+)/g,
} as const;

const STARTED = Date.now() - performance.now();

/** The fields that a format names. */
export function fieldsOf({ format, style }: Pick<FormatterPlan, 'format' | 'style'>): string[] {
  return [...format.matchAll(PATTERNS[style])].flatMap(
    (match) => match[1] ?? (style === '$' ? match[2] : undefined) ?? [],
  );
}

/** What a format becomes. */
export function compileFormatter(plan: FormatterPlan): Formatter {
  const { format, datefmt, style, isJson } = plan;
  const valueOf = (record: FormattedRecord, field: string): string | number =>
    fieldValue(record, field, datefmt);
  if (isJson) {
    const fields = fieldsOf(plan);
    const named = fields.length === 0 ? ['message'] : fields;
    return (record) =>
      JSON.stringify(Object.fromEntries(named.map((field) => [field, valueOf(record, field)])));
  }
  if (style === '%') {
    return (record) =>
      format.replaceAll(PATTERNS['%'], (_, field: string | undefined, ...spec: string[]) => {
        if (field === undefined) return '%';
        const [flags = '', width = '', precision] = spec;
        return padded(valueOf(record, field), flags, width, precision);
      });
  }
  if (style === '{') {
    return (record) =>
      format.replaceAll(PATTERNS['{'], (whole, field: string | undefined, ...spec: (string | undefined)[]) =>
        field === undefined ? whole[0]! : aligned(valueOf(record, field), spec),
      );
  }
  return (record) =>
    format.replaceAll(PATTERNS.$, (_, braced?: string, plain?: string) => {
      const field = braced ?? plain;
      return field === undefined ? '$' : String(valueOf(record, field));
    });
}

/** By a format specification: what fills, where to, whether zeros, how wide, how exact. */
function aligned(
  value: string | number,
  [fill, align, zero, width, precision]: readonly (string | undefined)[],
): string {
  const isNumber = typeof value === 'number';
  const text = padded(value, '', '', precision);
  const filler = fill ?? (zero === '0' && align === undefined ? '0' : ' ');
  const wanted = Number(width);
  if (align === '^') {
    const before = Math.max(0, Math.floor((wanted - text.length) / 2));
    return text.padStart(text.length + before, filler).padEnd(wanted, filler);
  }
  const toLeft = align === '<' || (align === undefined && !isNumber);
  return toLeft ? text.padEnd(wanted, filler) : text.padStart(wanted, filler);
}

function padded(value: string | number, flags: string, width: string, precision: string | undefined): string {
  const isNumber = typeof value === 'number';
  const cut =
    precision === undefined
      ? String(value)
      : isNumber
        ? value.toFixed(Number(precision))
        : value.slice(0, Number(precision));
  if (flags.includes('-')) return cut.padEnd(Number(width));
  return cut.padStart(Number(width), flags.includes('0') && isNumber ? '0' : ' ');
}

function fieldValue(
  { name, level, message, at }: FormattedRecord,
  field: string,
  datefmt: string | undefined,
): string | number {
  switch (field) {
    case 'asctime':
      return formatTime(at, datefmt);
    case 'created':
      return at.getTime() / 1000;
    case 'msecs':
      return at.getMilliseconds();
    case 'relativeCreated':
      return at.getTime() - STARTED;
    case 'name':
      return name;
    case 'levelname':
      return level.toUpperCase();
    case 'levelno':
      return LEVEL_NUMBERS[level];
    case 'message':
      return message;
    case 'process':
      return process.pid;
    case 'processName':
      return 'MainProcess';
    case 'thread':
      return 0;
    case 'threadName':
      return 'MainThread';
    default:
      return PLACE_FIELDS[field] ?? '-';
  }
}
