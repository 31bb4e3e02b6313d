import type { ServerResponse } from 'node:http';
import type { AccessRecord } from '@gunicorn-ts/interface';
import { errorBody } from '@gunicorn-ts/http';
import { sentBody } from '@gunicorn-ts/transport';
import { CLIENT_CLOSED_REQUEST, headerIn } from '../access-record.ts';
import { bodySize } from './body-size.ts';

/** How a request ended. */
export interface NodeEnd {
  readonly response: ServerResponse;
  /** The status that was sent past the response object, whose head then counts as not sent. */
  readonly answered: number | undefined;
  /** What it counts as when the worker broke it off before anything was sent. */
  readonly cutAs: number | undefined;
  readonly peer: string;
  readonly durationMs: number;
}

/** What the access log needs of a response of `node:http`. */
export function nodeRecord(end: NodeEnd): AccessRecord {
  const { response, peer, durationMs } = end;
  const { req } = response;
  // `getHeader` does not know what was given to `writeHead`; the head as it was sent has everything.
  const head = (response as { _header?: string | null })._header ?? '';
  return {
    remoteAddress: peer,
    method: req.method ?? '',
    target: req.url ?? '',
    protocol: `HTTP/${req.httpVersion}`,
    status: nodeStatus(end),
    bytes: nodeBytes(end),
    durationMs,
    requestHeader(name) {
      const value = req.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    responseHeader: (name) => headerIn(head, name),
  };
}

export function nodeStatus({ response, answered, cutAs }: NodeEnd): number {
  return answered ?? (response.headersSent ? response.statusCode : (cutAs ?? CLIENT_CLOSED_REQUEST));
}

/** Bytes of the body that were sent. */
export function nodeBytes({ response, answered }: NodeEnd): number {
  if (answered === undefined) return sentBody(response, bodySize(response));
  return response.req.method === 'HEAD' ? 0 : errorBody(answered).length;
}
