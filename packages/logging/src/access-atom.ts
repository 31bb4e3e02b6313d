import type { AccessRecord } from '@gunicorn-ts/interface';
import { basicUser, requestPath, requestQuery } from './access-record.ts';
import { escapeField } from './escape.ts';
import { accessLogTime } from './local-time.ts';

/** Renders one field of an access log line. `now` is in milliseconds since 1970. */
export type AccessAtom = (record: AccessRecord, now: number) => string;

/** What stands for a value that is missing. */
export const MISSING = '-';

function text(value: string | undefined): string {
  return value === undefined || value === '' ? MISSING : escapeField(value);
}

/** {@link text} for one field, whose value is mostly that of the line before. */
function rememberedText(): typeof text {
  let lastValue: string | undefined;
  let lastText = MISSING;
  return (value) => {
    if (value !== lastValue) {
      lastText = text(value);
      lastValue = value;
    }
    return lastText;
  };
}

const refererText = rememberedText();
const userAgentText = rememberedText();

let lastRequest: Pick<AccessRecord, 'method' | 'target' | 'protocol'> = {
  method: '',
  target: '',
  protocol: '',
};
let lastRequestText = '  ';

function requestText({ method, target, protocol }: AccessRecord): string {
  const last = lastRequest;
  if (method !== last.method || target !== last.target || protocol !== last.protocol) {
    lastRequestText = escapeField(`${method} ${target} ${protocol}`);
    lastRequest = { method, target, protocol };
  }
  return lastRequestText;
}

/** The one-letter atoms of Gunicorn's `access_log_format` that are the same in every line of a process. */
const CONSTANT_ATOMS: Readonly<Record<string, string>> = { l: MISSING, p: `<${process.pid}>` };

/** The others. */
const ACCESS_ATOMS: Readonly<Record<string, AccessAtom>> = {
  // Empty for a unix socket, where there is no address: Gunicorn's logs have it so.
  h: (record) => record.remoteAddress,
  u: (record) => text(basicUser(record)),
  t: (_record, now) => accessLogTime(now),
  r: requestText,
  m: (record) => escapeField(record.method),
  U: (record) => escapeField(requestPath(record)),
  q: (record) => escapeField(requestQuery(record)),
  H: (record) => escapeField(record.protocol),
  s: (record) => String(record.status),
  B: (record) => String(record.bytes),
  b: (record) => String(record.bytes),
  f: (record) => refererText(record.requestHeader('referer')),
  a: (record) => userAgentText(record.requestHeader('user-agent')),
  T: (record) => String(Math.floor(record.durationMs / 1000)),
  M: (record) => String(Math.floor(record.durationMs)),
  D: (record) => String(microseconds(record)),
  L: (record) => {
    const total = microseconds(record);
    return `${Math.floor(total / 1e6)}.${String(total % 1e6).padStart(6, '0')}`;
  },
};

function microseconds(record: AccessRecord): number {
  return Math.floor(record.durationMs * 1000);
}

/** Where a `{name}` atom takes its value from, by the letter behind the brace. */
export type NamedSource = 'i' | 'o' | 'e';

/** The raw value of a `{name}` atom: request header, response header or WSGI environ entry. */
export function namedValue(record: AccessRecord, source: NamedSource, name: string): string | undefined {
  if (source === 'i') return record.requestHeader(name);
  if (source === 'o') return record.responseHeader(name);
  // Case does not matter, but the environ is asked by exact name: CGI's are in capitals, wsgi.* is not.
  return (
    record.environ?.(name) ?? record.environ?.(name.toUpperCase()) ?? record.environ?.(name.toLowerCase())
  );
}

/** `{name}i`, `{name}o` or `{name}e`, or `undefined` when the text is none of these. */
export function parseNamedAtom(atom: string): { source: NamedSource; name: string } | undefined {
  const match = /^\{(.+)\}([ioe])$/.exec(atom);
  if (!match) return undefined;
  const source = match[2] as NamedSource;
  return { source, name: source === 'e' ? match[1]! : match[1]!.toLowerCase() };
}

/** An atom's text when it never changes, else its renderer; `undefined` when Gunicorn knows none of that name. */
export function accessAtom(atom: string): string | AccessAtom | undefined {
  if (Object.hasOwn(CONSTANT_ATOMS, atom)) return CONSTANT_ATOMS[atom];
  if (Object.hasOwn(ACCESS_ATOMS, atom)) return ACCESS_ATOMS[atom];
  const named = parseNamedAtom(atom);
  if (!named) return undefined;
  return (record) => text(namedValue(record, named.source, named.name));
}
