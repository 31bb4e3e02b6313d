import { ResponseError } from './errors.ts';
import type { ResponseHeaders } from './response-field.ts';
import { checkResponseValue, responseFieldRole } from './response-field.ts';
import { reasonPhrase } from './status.ts';

/** Tells a client that waits to send its body. Only for requests whose `expectsContinue` is set. */
export const CONTINUE: string = 'HTTP/1.1 100 Continue\r\n\r\n';

/**
 * `103 Early Hints` (RFC 8297), as text in latin-1. Not for HTTP/1.0 clients, which take it for the response.
 * @throws {ResponseError} when a header cannot be sent
 */
export function earlyHints(headers: ResponseHeaders): string {
  let text = `HTTP/1.1 103 ${reasonPhrase(103)}\r\n`;
  for (const [name, value] of headers) {
    const role = responseFieldRole(name);
    checkResponseValue(name, value);
    if (role === 'content-length') throw new ResponseError('ERR_RESPONSE_CONTENT_LENGTH', value);
    if (role === 'plain') text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}
