import { RequestError } from './errors.ts';
import type { HttpRules } from './http-rules.ts';
import { CR, LF, SP, TARGET, TOKEN, TOKEN_HASH, TOKEN_LOWER } from './octets.ts';

const SLASH = 0x2f;
const DOT = 0x2e;
const ZERO = 0x30;
const HTTP_SLASH = [0x48, 0x54, 0x54, 0x50, SLASH] as const;
const SHORTEST_METHOD = 3;
export const LONGEST_METHOD = 20;

/**
 * Position behind the method that begins at `at`, where its space is.
 * @throws {RequestError} `request-line`, `method`
 */
export function scanMethod(bytes: Uint8Array, at: number, rules: HttpRules): number {
  let end = at;
  let kinds = 0;
  for (let kind = TOKEN[bytes[end]!]!; kind !== 0; kind = TOKEN[bytes[end]!]!) {
    kinds |= kind;
    end++;
  }
  if (bytes[end] !== SP) throw new RequestError(endsLine(bytes, end) ? 'request-line' : 'method');
  const length = end - at;
  if (length === 0) throw new RequestError('request-line');
  const { permitUnconventionalHttpMethod, casefoldHttpMethod } = rules.policy;
  if (!permitUnconventionalHttpMethod) {
    const forbidden = casefoldHttpMethod ? TOKEN_HASH : TOKEN_HASH | TOKEN_LOWER;
    if (length < SHORTEST_METHOD || length > LONGEST_METHOD || (kinds & forbidden) !== 0) {
      throw new RequestError('method');
    }
  }
  return end;
}

/**
 * Position behind the target that begins at `at`, where its space is. Its characters are checked, not
 * its form.
 * @throws {RequestError} `request-line`, `target`
 */
export function scanTarget(bytes: Uint8Array, at: number): number {
  let end = at;
  while (TARGET[bytes[end]!] !== 0) end++;
  if (bytes[end] !== SP) throw new RequestError(endsLine(bytes, end) ? 'request-line' : 'target');
  if (end === at) throw new RequestError('request-line');
  return end;
}

/**
 * The version at `at`, as `10 * major + minor`: 11 is HTTP/1.1. It must be all that is left of the line.
 * @param lf where the line's LF is; a CR stands before it
 * @throws {RequestError} `http-version`, `http-version-unsupported`
 */
export function readVersion(bytes: Uint8Array, at: number, lf: number, rules: HttpRules): number {
  if (lf - at !== 9) throw new RequestError('http-version');
  for (let i = 0; i < HTTP_SLASH.length; i++) {
    if (bytes[at + i] !== HTTP_SLASH[i]) throw new RequestError('http-version');
  }
  const major = bytes[at + 5]! - ZERO;
  const minor = bytes[at + 7]! - ZERO;
  if (bytes[at + 6] !== DOT || !isDigit(major) || !isDigit(minor)) throw new RequestError('http-version');
  const { permitUnconventionalHttpVersion, servesHttp1 } = rules.policy;
  if (major === 1 ? !servesHttp1 : !permitUnconventionalHttpVersion) {
    throw new RequestError('http-version-unsupported');
  }
  return major * 10 + minor;
}

/** By their length. */
const USUAL_METHODS: readonly (readonly string[])[] = [
  [],
  [],
  [],
  ['GET', 'PUT'],
  ['HEAD', 'POST'],
  ['PATCH', 'TRACE'],
  ['DELETE'],
  ['OPTIONS', 'CONNECT'],
];

/**
 * The method at the beginning of a head's text. Of the usual ones no text is made: whoever compares it with another
 * one then has the same.
 */
export function methodIn(text: string, length: number): string {
  const usual = USUAL_METHODS[length];
  if (usual !== undefined) {
    for (const method of usual) if (text.startsWith(method)) return method;
  }
  return text.substring(0, length);
}

function endsLine(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === CR && bytes[at + 1] === LF;
}

function isDigit(value: number): boolean {
  return value >= 0 && value <= 9;
}
