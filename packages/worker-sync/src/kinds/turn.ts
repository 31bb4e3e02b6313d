import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestHead } from '@gunicorn-ts/http';
import type { GivenUp } from '../service.ts';
import type { NodeEnd } from './node-record.ts';

/** What is being served. */
export interface Turn {
  readonly socket: Socket;
  readonly fd: number;
  readonly peer: string;
  readonly request: RequestHead;
  readonly wantsUpgrade: boolean;
  readonly startedAt: number;
  response: ServerResponse | undefined;
  /** Status of an answer that was written past the response. */
  answered: number | undefined;
  /** Its line in the access log is written, too. */
  answeredByWatchdog: boolean;
  /** What it counts as when the worker broke it off before anything was sent. */
  cutAs: number | undefined;
  end(): void;
}

/** For the records. */
export function endOf({ answered, cutAs, peer, startedAt }: Turn, response: ServerResponse): NodeEnd {
  return { response, answered, cutAs, peer, durationMs: performance.now() - startedAt };
}

/** Who keeps the request waiting. */
export function whoIsWaitedFor({ socket, response }: Turn): GivenUp['waitedFor'] {
  if (response === undefined) return 'application';
  if (response.writableLength > 0 || socket.writableLength > 0) return 'reader';
  const { complete, readableLength } = response.req;
  // What has arrived was read to the last byte: it is the rest that the application waits for.
  return !complete && readableLength === 0 ? 'sender' : 'application';
}
