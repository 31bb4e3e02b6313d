import type { ResponseHeaders } from './response-field.ts';
import { checkResponseValue, responseFieldRole } from './response-field.ts';
import { ResponseError } from './errors.ts';
import { mayTrail } from './trailers.ts';

/**
 * The fields behind a body, as text in latin-1: between the last chunk and the empty line that ends it.
 * @throws {ResponseError} when one cannot be sent, or has no place there (RFC 9110 §6.5.1)
 */
export function responseTrailers(trailers: ResponseHeaders): string {
  let text = '';
  for (const [name, value] of trailers) {
    const role = responseFieldRole(name);
    checkResponseValue(name, value);
    if (role !== 'plain' || !mayTrail(name)) throw new ResponseError('ERR_RESPONSE_TRAILER', name);
    text += `${name}: ${value}\r\n`;
  }
  return text;
}
