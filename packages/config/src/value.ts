import { isIP } from 'node:net';

/**
 * What a setting's value may be. Each function checks and converts one value from a file (any type) or
 * from a flag (text), and throws an `Error` whose message completes the sentence "SETTING …".
 */
export type Parse<T> = (value: unknown) => T;

/** A value as it is shown in a message: texts in quotes, functions by name, long ones cut. */
export function quote(value: unknown): string {
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (value === undefined) return 'undefined';
  if (typeof value === 'number') return String(value);
  const text = safeJson(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return `an object that cannot be shown`;
  }
}

function refuse(rule: string, value: unknown): never {
  throw new TypeError(`must be ${rule}, not ${quote(value)}`);
}

/** A whole number of at least `min`; a text of decimal digits is understood. */
export function wholeNumber(min = 0): Parse<number> {
  return (value) => {
    const number = toNumber(value, /^[+-]?\d+$/);
    if (number === undefined || !Number.isSafeInteger(number) || number < min) {
      return refuse(`a whole number of ${min} or more`, value);
    }
    return number;
  };
}

/** A whole number within bounds. */
export function wholeNumberWithin(min: number, max: number): Parse<number> {
  const parse = wholeNumber(min);
  return (value) => {
    const number = parse(value);
    return number <= max ? number : refuse(`a whole number from ${min} to ${max}`, value);
  };
}

/** Longer delays overflow Node's timers, which then fire at once. */
const LONGEST_TIMER_S = 2_147_483;

/** Seconds, fractions allowed, 0 or more. */
export const seconds: Parse<number> = (value) => {
  const number = toNumber(value, /^[+-]?(\d+\.?\d*|\.\d+)$/);
  if (number === undefined || !Number.isFinite(number) || number < 0) {
    return refuse('a number of seconds, 0 or more', value);
  }
  if (number > LONGEST_TIMER_S) return refuse(`at most ${LONGEST_TIMER_S} seconds (24 days)`, value);
  return number;
};

function toNumber(value: unknown, textForm: RegExp): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && textForm.test(value.trim())) return Number(value.trim());
  return undefined;
}

/** A part of a whole, from 0 to 1. */
export const portion: Parse<number> = (value) => {
  const number = toNumber(value, /^(\d+\.?\d*|\.\d+)$/);
  return number !== undefined && number >= 0 && number <= 1 ? number : refuse('a number from 0 to 1', value);
};

const BYTE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};

/** Bytes: a number, or a text with a unit such as `512mb`; units are powers of 1024. */
export const bytes: Parse<number> = (value) => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  const match =
    typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(value.trim()) : null;
  if (match === null) return refuse('a number of bytes or a size such as "512mb"', value);
  return Math.round(Number(match[1]) * (BYTE_UNITS[(match[2] ?? '').toLowerCase()] ?? 1));
};

/** `true` or `false`; the texts `"true"` and `"false"` are understood, as in Gunicorn. */
export const yesOrNo: Parse<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (text === 'true' || text === 'false') return text === 'true';
  return refuse('true or false', value);
};

/** A text that is not empty. */
export const text: Parse<string> = (value) => {
  if (typeof value !== 'string' || value.trim() === '') return refuse('a text that is not empty', value);
  return value.trim();
};

/** A text, or nothing: `undefined` and the empty text both mean that the setting is off. */
export const optionalText: Parse<string | undefined> = (value) => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return refuse('a text', value);
  return value.trim() === '' ? undefined : value.trim();
};

/** One of a few words, in any case. */
export function oneOf<const T extends string>(words: readonly T[]): Parse<T> {
  return (value) => {
    const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
    const found = words.find((candidate) => candidate.toLowerCase() === word);
    if (found !== undefined) return found;
    return refuse(`one of ${words.map((candidate) => `"${candidate}"`).join(', ')}`, value);
  };
}

/** A list of texts; a single text is a list of one. */
export const texts: Parse<readonly string[]> = (value) => {
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list)) return refuse('a text or a list of texts', value);
  return list.map((item: unknown) =>
    typeof item === 'string' ? item.trim() : refuse('a list of texts', value),
  );
};

/** Names of headers, separated by commas or in a list; `*` is any. */
export const headerNames: Parse<readonly string[]> = (value) => {
  const list = texts(value).flatMap((item) => item.split(','));
  const names = list.map((item) => item.trim()).filter((item) => item !== '');
  for (const name of names) if (!HEADER_NAME.test(name)) refuse('names of headers', name);
  return names;
};

/** The name of one header, or nothing. */
export const headerName: Parse<string | undefined> = (value) => {
  const name = optionalText(value);
  return name === undefined || HEADER_NAME.test(name) ? name : refuse('the name of a header', value);
};

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** Header names, each with a value. */
export const headerValues: Parse<Readonly<Record<string, string>>> = (value) => {
  const rule = 'an object of header names and values';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(rule, value);
  const entries = Object.entries(value as Record<string, unknown>);
  for (const [name, meaning] of entries) {
    if (!HEADER_NAME.test(name)) return refuse(`${rule}, and no name is`, name);
    if (typeof meaning !== 'string' || meaning.trim() === '') return refuse(`${rule}, each a text`, meaning);
  }
  return Object.fromEntries(entries) as Record<string, string>;
};

/** `NAME=VALUE` pairs. */
export const pairs: Parse<readonly string[]> = (value) => {
  const list = Array.isArray(value) ? value : [value];
  return list.map((item: unknown) => {
    if (typeof item === 'string' && /^[^=\0]+=[^\0]*$/.test(item)) return item;
    return refuse('"NAME=VALUE"', item);
  });
};

/** Addresses, networks in CIDR form, or `*`, separated by commas or in a list. */
export const peers: Parse<readonly string[]> = (value) => {
  const list = texts(value).flatMap((item) => item.split(','));
  const entries = list.map((item) => item.trim()).filter((item) => item !== '');
  for (const entry of entries) {
    const wrong = wrongPeer(entry);
    if (wrong !== undefined) throw new TypeError(wrong);
  }
  return entries;
};

function wrongPeer(entry: string): string | undefined {
  if (entry === '*' || isIP(entry) !== 0) return undefined;
  const rule = `must hold IP addresses, networks such as "10.0.0.0/8", or "*", not ${quote(entry)}`;
  const [address = '', prefix = '', ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return rule;
  if (Number(prefix) > (family === 4 ? 32 : 128)) return rule;
  if (family === 4 && hasHostBits(address, Number(prefix))) {
    return `must hold networks without host bits; ${quote(entry)} has some below /${prefix}`;
  }
  return undefined;
}

function hasHostBits(address: string, prefix: number): boolean {
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return value % 2 ** (32 - prefix) !== 0;
}

/**
 * Permission bits: a number, or a text in octal that says so by its first digit. `"22"` is refused:
 * Gunicorn reads it as decimal, and everybody who writes it means octal.
 */
export const permissionBits: Parse<number> = (value) => {
  const match = typeof value === 'string' ? /^0o?([0-7]*)$/i.exec(value.trim()) : null;
  const number = match === null ? value : Number.parseInt(match[1] || '0', 8);
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= 0o777) return number;
  const meant = /^[0-7]{1,3}$/.test(String(value))
    ? `; for octal ${String(value)} write "0${String(value)}"`
    : '';
  throw new TypeError(
    `must be permission bits in octal, such as "077" or 0o077, not ${quote(value)}${meant}`,
  );
};

/** A text that a header can carry (RFC 9110 §5.5); an empty one is a value, too. */
export const fieldValue: Parse<string | undefined> = (value) => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return refuse('a text', value);
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value.trim();
  throw new TypeError(
    `must be a text that a header can carry, not ${quote(value)}; write one line in latin-1`,
  );
};

/** A user or group: a name or an id. */
export const account: Parse<string | number | undefined> = (value) => {
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  if (typeof value !== 'string') return refuse('a name or an id', value);
  return /^\d+$/.test(value.trim()) ? Number(value.trim()) : value.trim();
};

/** A function that asks for no more than `most` arguments. */
export function functionOf(most: number): Parse<unknown> {
  return (value) => {
    if (value === undefined) return undefined;
    if (typeof value !== 'function') return refuse('a function', value);
    if (value.length <= most) return value;
    const count = most === 1 ? '1 argument' : `${most} arguments`;
    throw new TypeError(`is called with ${count}, but ${quote(value)} asks for ${value.length}`);
  };
}
