import { ResponseError } from './errors.ts';
import { isDigits, trimOws } from './octets.ts';

/**
 * Reads a Content-Length of the application.
 * @param earlier what one before it said
 * @throws {ResponseError} ERR_RESPONSE_CONTENT_LENGTH
 */
export function readResponseLength(value: string, earlier: number | undefined): number {
  const digits = trimOws(value);
  const length = Number(digits);
  if (!isDigits(digits) || !Number.isSafeInteger(length) || (earlier !== undefined && earlier !== length)) {
    throw new ResponseError('ERR_RESPONSE_CONTENT_LENGTH', value);
  }
  return length;
}
