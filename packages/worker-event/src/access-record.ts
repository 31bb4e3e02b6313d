import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessRecord, WsgiEnviron } from '@gunicorn-ts/interface';
import { bodySize } from './body-size.ts';
import { cutStatus, pastAnswer } from './past-answer.ts';

/** As nginx writes it: the client closed the connection before a response head was sent. Never what the server cut. */
export const CLIENT_CLOSED_REQUEST = 499;

/** What the access log needs of a request whose response is complete or was given up. */
export function accessRecord(
  response: ServerResponse,
  durationMs: number,
  environ?: WsgiEnviron,
): AccessRecord {
  return {
    ...requestPart(response.req),
    status: statusOf(response),
    bytes: bodySize(response),
    durationMs,
    responseHeader: (name) => headerIn(sentHead(response), name),
    ...(environ === undefined ? {} : { environ: (name: string) => environText(environ[name]) }),
  };
}

/** What a record says of the request alone. */
export function requestPart(
  request: IncomingMessage,
): Pick<AccessRecord, 'remoteAddress' | 'method' | 'target' | 'protocol' | 'requestHeader'> {
  return {
    remoteAddress: request.socket.remoteAddress ?? '',
    method: request.method ?? '',
    target: request.url ?? '',
    protocol: `HTTP/${request.httpVersion}`,
    requestHeader: (name) => joined(request.headers[name.toLowerCase()]),
  };
}

export function statusOf(response: ServerResponse): number {
  if (response.headersSent) return response.statusCode;
  return pastAnswer(response)?.status ?? cutStatus(response) ?? CLIENT_CLOSED_REQUEST;
}

/** `getHeader` does not know what was given to `writeHead`; the head as it was sent has everything. */
function sentHead(response: ServerResponse): string {
  return (response as { _header?: string | null })._header ?? '';
}

/** A header's value, or its values joined, in the text of a head. */
export function headerIn(head: string, name: string): string | undefined {
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
