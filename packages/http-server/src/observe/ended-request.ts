import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHead } from '@gunicorn-ts/http';
import type { WsgiEnviron } from '@gunicorn-ts/interface';

/** A request with the application, as those see it who watch. */
export interface BegunRequest {
  readonly head: RequestHead;
  /** Address of the client; empty for a unix socket. */
  readonly remoteAddress: string;
  /** Milliseconds of the monotonic clock when the head was complete. */
  readonly startedAt: number;
  /** Node's own objects, where the application has those. */
  readonly request?: IncomingMessage;
  readonly response?: ServerResponse;
}

/** The same when its response is complete, or was given up. */
export interface EndedRequest extends BegunRequest {
  readonly status: number;
  /** Body bytes that were sent, without framing. */
  readonly bytes: number;
  readonly environ?: WsgiEnviron | undefined;
  /** Milliseconds of the monotonic clock when it was over to whoever counts and logs it; 0 before that. */
  endedAt: number;
  /** Whether somebody else has answered, who writes the access record as well. */
  readonly isAnsweredElsewhere?: boolean;
  responseHeader(name: string): string | undefined;
}
