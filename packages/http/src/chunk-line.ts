import { RequestError } from './errors.ts';
import { EQUALS, FIELD_VALUE, HEX, HTAB, NO_DIGIT, SEMICOLON, SP, TOKEN } from './octets.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The size that a chunk line gives (RFC 9112 §7.1). Extensions must be well-formed, and are otherwise ignored: who
 * reads a broken one differently may find the end of the line, and so of the chunk, somewhere else.
 * @param lf where the line's LF is; a CR stands before it, at which every scan ends
 * @throws {RequestError} `chunk-size`, `chunk-extension`, `content-too-large`
 */
export function readChunkLine(bytes: Uint8Array, start: number, lf: number): number {
  let at = start;
  let size = 0;
  for (let digit = HEX[bytes[at]!]!; digit !== NO_DIGIT; digit = HEX[bytes[at]!]!) {
    size = size * 16 + digit;
    if (size > Number.MAX_SAFE_INTEGER) throw new RequestError('content-too-large');
    at++;
  }
  if (at === start) throw new RequestError('chunk-size');
  if (at === lf - 1) return size;
  if (bytes[skipBlanks(bytes, at)] !== SEMICOLON) throw new RequestError('chunk-size');
  while (at < lf - 1) at = extensionEnd(bytes, at);
  if (at !== lf - 1) throw new RequestError('chunk-extension');
  return size;
}

/** Reads one of `*( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )`. */
function extensionEnd(bytes: Uint8Array, start: number): number {
  const semicolon = skipBlanks(bytes, start);
  if (bytes[semicolon] !== SEMICOLON) throw new RequestError('chunk-extension');
  const nameEnd = tokenEnd(bytes, skipBlanks(bytes, semicolon + 1));
  const equals = skipBlanks(bytes, nameEnd);
  if (bytes[equals] !== EQUALS) return nameEnd;
  const value = skipBlanks(bytes, equals + 1);
  return bytes[value] === QUOTE ? quotedEnd(bytes, value) : tokenEnd(bytes, value);
}

function tokenEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (TOKEN[bytes[at]!] !== 0) at++;
  if (at === start) throw new RequestError('chunk-extension');
  return at;
}

function quotedEnd(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; FIELD_VALUE[bytes[at]!] !== 0; at++) {
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] === BACKSLASH && FIELD_VALUE[bytes[at + 1]!] !== 0) at++;
  }
  throw new RequestError('chunk-extension');
}

function skipBlanks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === SP || bytes[at] === HTAB) at++;
  return at;
}
