import { ResponseError } from './errors.ts';
import { isDigits, trimOws } from './octets.ts';
import { checkResponseValue, responseFieldRole, type ResponseHeaders } from './response-field.ts';

/** Response headers as `writeHead` of `node:http` takes them. */
export interface RawResponseHeaders {
  /** Names and values by turns, in the application's order and spelling. */
  readonly raw: readonly string[];
  /** The Content-Length that the application gave. */
  readonly length: number | undefined;
}

/**
 * Holds an application's headers to the same rules as `ResponseHeadWriter`, for a response that
 * `node:http` frames: names and values are checked, and what is the server's to say is dropped.
 * @throws {ResponseError} when the application gave what cannot be sent; answer with a 500 then
 */
export function readRawResponse(headers: ResponseHeaders, status: number): RawResponseHeaders {
  const raw: string[] = [];
  let length: number | undefined;
  for (const [name, value] of headers) {
    const role = responseFieldRole(name);
    checkResponseValue(name, value);
    if (role === 'plain') raw.push(name, value);
    if (role !== 'content-length') continue;
    const repeats = length !== undefined;
    length = readResponseLength(value, length);
    // RFC 9110 §8.6: a 204 has no length to declare.
    if (!repeats && status !== 204) raw.push(name, String(length));
  }
  return { raw, length };
}

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
