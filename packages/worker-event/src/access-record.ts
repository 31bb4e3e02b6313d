import type { ServerResponse } from 'node:http';
import type { AccessRecord, WsgiEnviron } from '@gunicorn-ts/interface';
import { bodySize } from './body-size.ts';

/** As nginx writes it: the client closed the connection before a response head was sent. */
const CLIENT_CLOSED_REQUEST = 499;
/** Sent by the request timeout past the response object, whose head then counts as not sent. */
const TIMED_OUT = 504;

/** What the access log needs of a request whose response is complete or was given up. */
export function accessRecord(
  response: ServerResponse,
  durationMs: number,
  environ?: WsgiEnviron,
): AccessRecord {
  const request = response.req;
  return {
    remoteAddress: request.socket.remoteAddress ?? '',
    method: request.method ?? '',
    target: request.url ?? '',
    protocol: `HTTP/${request.httpVersion}`,
    status: statusOf(response),
    bytes: bodySize(response),
    durationMs,
    requestHeader: (name) => joined(request.headers[name.toLowerCase()]),
    responseHeader: (name) => sentHeader(response, name),
    ...(environ === undefined ? {} : { environ: (name: string) => environText(environ[name]) }),
  };
}

export function statusOf(response: ServerResponse): number {
  const { headersSent, statusCode } = response;
  return headersSent || statusCode === TIMED_OUT ? statusCode : CLIENT_CLOSED_REQUEST;
}

/** `getHeader` does not know what was given to `writeHead`; the head as it was sent has everything. */
function sentHeader(response: ServerResponse, name: string): string | undefined {
  const head = (response as { _header?: string | null })._header;
  if (typeof head !== 'string') return undefined;
  const wanted = `${name.toLowerCase()}:`;
  const values: string[] = [];
  for (const line of head.split('\r\n')) {
    if (line.slice(0, wanted.length).toLowerCase() === wanted) values.push(line.slice(wanted.length).trim());
  }
  return values.length === 0 ? undefined : values.join(', ');
}

function joined(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function environText(value: unknown): string | undefined {
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
}
