import { RequestError } from './errors.ts';
import { FIELD_VALUE, HEX, HTAB, NO_DIGIT, SEMICOLON, SP } from './octets.ts';

/**
 * The size that a chunk line gives (RFC 9112 §7.1). Extensions are checked for forbidden characters and
 * otherwise ignored.
 * @param lf where the line's LF is; a CR stands before it
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
  while (bytes[at] === SP || bytes[at] === HTAB) at++;
  if (bytes[at] !== SEMICOLON) throw new RequestError('chunk-size');
  while (FIELD_VALUE[bytes[at]!] !== 0) at++;
  if (at !== lf - 1) throw new RequestError('chunk-extension');
  return size;
}
