import { http } from '../node-http.ts';

/** What an application said to `start_response`, checked. */
export interface WsgiHead {
  readonly status: number;
  /** Empty for the usual one. */
  readonly reason: string;
  /** Name, value, name, value…: as `writeHead` takes them. */
  readonly headers: readonly string[];
  readonly contentLength: number | undefined;
}

/** Headers of the connection, which is the server's (RFC 9110, section 7.6.1). Gunicorn drops them as well. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'trailers',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Checks what `start_response` was called with.
 * @throws {TypeError} with a message for the application's author
 */
export function parseHead(status: unknown, headers: unknown): WsgiHead {
  const [, code, reason = ''] =
    typeof status === 'string' ? (/^([2-9]\d\d)(?: (.*))?$/.exec(status) ?? []) : [];
  if (code === undefined) {
    throw new TypeError(`start_response wants a status such as "200 OK", not ${JSON.stringify(status)}`);
  }
  if (!Array.isArray(headers)) {
    throw new TypeError(`start_response wants an array of [name, value] pairs, not ${typeof headers}`);
  }
  const flat: string[] = [];
  let contentLength: number | undefined;
  for (const pair of headers as readonly unknown[]) {
    const [name, value] = checkedPair(pair);
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower)) continue;
    if (lower === 'content-length') {
      const length = parseLength(value, contentLength);
      // A response without content has no length to declare (RFC 9110, section 8.6).
      if (code === '204' || contentLength !== undefined) continue;
      contentLength = length;
    }
    flat.push(name, value);
  }
  return { status: Number(code), reason, headers: flat, contentLength };
}

/** @throws {TypeError} when it is no pair of strings that may stand in a head */
export function checkedPair(pair: unknown): readonly [name: string, value: string] {
  if (!Array.isArray(pair) || typeof pair[0] !== 'string' || typeof pair[1] !== 'string') {
    throw new TypeError(`A response header is a [name, value] pair of strings, not ${JSON.stringify(pair)}`);
  }
  const [name, value] = pair as [string, string];
  http.validateHeaderName(name);
  http.validateHeaderValue(name, value);
  return [name, value];
}

function parseLength(value: string, earlier: number | undefined): number {
  const length = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(length))
    throw new TypeError(`Content-Length is ${JSON.stringify(value)}, no length`);
  if (earlier !== undefined && earlier !== length) {
    throw new TypeError(`Content-Length is given twice, as ${earlier} and as ${length}`);
  }
  return length;
}
