import type { ServerResponse } from 'node:http';
import type { AccessRecord } from '@gunicorn-ts/interface';
import { CLIENT_CLOSED_REQUEST, headerIn } from '../access-record.ts';
import { bodySize } from './body-size.ts';

/** Sent past the response object, whose head then counts as not sent. */
const TIMED_OUT = 504;

/** What the access log needs of a response of `node:http`. */
export function nodeRecord(response: ServerResponse, peer: string, durationMs: number): AccessRecord {
  const { req } = response;
  // `getHeader` does not know what was given to `writeHead`; the head as it was sent has everything.
  const head = (response as { _header?: string | null })._header ?? '';
  return {
    remoteAddress: peer,
    method: req.method ?? '',
    target: req.url ?? '',
    protocol: `HTTP/${req.httpVersion}`,
    status: nodeStatus(response),
    bytes: bodySize(response),
    durationMs,
    requestHeader(name) {
      const value = req.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    responseHeader: (name) => headerIn(head, name),
  };
}

export function nodeStatus({ headersSent, statusCode }: ServerResponse): number {
  return headersSent || statusCode === TIMED_OUT ? statusCode : CLIENT_CLOSED_REQUEST;
}
