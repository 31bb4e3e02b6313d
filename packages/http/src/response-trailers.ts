import type { HeaderFields } from './header-fields.ts';
import type { ResponseHeaders } from './response-field.ts';
import { checkResponseValue, responseFieldRole } from './response-field.ts';
import { ResponseError } from './errors.ts';
import { mayTrail } from './trailers.ts';

/** RFC 9110 §10.1.4: who does not ask may have dropped them on the way, or take them for something else. */
const ASKS = /(?:^|[,\s])trailers(?:$|[,\s])/i;

/**
 * The fields behind a body, as text in latin-1: between the last chunk and the empty line that ends it.
 * @param asked the fields of the request: without `TE: trailers` there are none
 * @throws {ResponseError} when one cannot be sent, or has no place there (RFC 9110 §6.5.1)
 */
export function responseTrailers(trailers: ResponseHeaders, asked: Pick<HeaderFields, 'all'>): string {
  if (trailers.length === 0 || !asked.all('te').some((value) => ASKS.test(value))) return '';
  let text = '';
  for (const [name, value] of trailers) {
    const role = responseFieldRole(name);
    checkResponseValue(name, value);
    if (role !== 'plain' || !mayTrail(name)) throw new ResponseError('ERR_RESPONSE_TRAILER', name);
    text += `${name}: ${value}\r\n`;
  }
  return text;
}
