import { ResponseError } from './errors.ts';
import { FIELD_VALUE, consistsOf } from './octets.ts';

/** Reason phrases as RFC 9110 and the IANA registry spell them. */
const REASONS: Readonly<Record<number, string>> = {
  100: 'Continue',
  101: 'Switching Protocols',
  102: 'Processing',
  103: 'Early Hints',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  203: 'Non-Authoritative Information',
  204: 'No Content',
  205: 'Reset Content',
  206: 'Partial Content',
  207: 'Multi-Status',
  208: 'Already Reported',
  226: 'IM Used',
  300: 'Multiple Choices',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  305: 'Use Proxy',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  423: 'Locked',
  424: 'Failed Dependency',
  425: 'Too Early',
  426: 'Upgrade Required',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
  506: 'Variant Also Negotiates',
  507: 'Insufficient Storage',
  508: 'Loop Detected',
  511: 'Network Authentication Required',
};

/** A status code with the phrase that goes with it. */
export interface Status {
  readonly code: number;
  readonly reason: string;
}

/** The registered phrase; empty for a code that has none, as RFC 9112 §4 allows. */
export function reasonPhrase(code: number): string {
  return REASONS[code] ?? '';
}

/**
 * Reads a status line's end as WSGI applications give it: `200 OK`, `404 Not Found`, `299`.
 * @throws {ResponseError} ERR_RESPONSE_STATUS
 */
export function parseStatus(text: string): Status {
  const code = Number(text.slice(0, 3));
  if (!/^[1-9][0-9]{2}(?: |$)/.test(text)) throw new ResponseError('ERR_RESPONSE_STATUS', text);
  return checkStatus(code, text.slice(4));
}

/**
 * Checks a status that ends a request. `100` to `103` do not: the client would wait for another one.
 * @throws {ResponseError} ERR_RESPONSE_STATUS, ERR_RESPONSE_INFORMATIONAL
 */
export function checkStatus(code: number, reason: string = reasonPhrase(code)): Status {
  if (!Number.isInteger(code) || code < 100 || code > 599)
    throw new ResponseError('ERR_RESPONSE_STATUS', code);
  if (code < 200 && code !== 101) throw new ResponseError('ERR_RESPONSE_INFORMATIONAL', code);
  if (!consistsOf(reason, FIELD_VALUE)) throw new ResponseError('ERR_RESPONSE_STATUS', `${code} ${reason}`);
  return { code, reason };
}

/** Whether a response with this status has no body, whatever the application gives (RFC 9110 §6.4.1). */
export function isBodiless(code: number): boolean {
  return code < 200 || code === 204 || code === 304;
}
