import type { HeaderFields, RequestError, RequestHead } from '@gunicorn-ts/http';
import type { Connection } from './connection.ts';

/** One request with the application, as its connection sees it. There is at most one at a time. */
export interface Exchange {
  readonly head: RequestHead;
  /** Calls the application. */
  start(): void;
  /**
   * Bytes of the body have arrived. They are overwritten when this returns.
   * @returns false when no more are wanted until {@link Connection.wantBody}
   */
  onBody(chunk: Uint8Array): boolean;
  /** The request is complete. */
  onComplete(trailers: HeaderFields): void;
  /** All that was written has been handed to the kernel. */
  onDrain(): void;
  /** The rest of the body is not a body. The connection is closed by {@link Connection.close}, which is for this to call. */
  onRefused(error: RequestError): void;
  /** The time for an answer is over. */
  onTimeout(): void;
  /** The connection is gone, or is given up. */
  onAbort(error: Error | undefined): void;
}

/** How the requests of a server are served: by a kind of application. */
export interface Service {
  /**
   * A head has arrived. The exchange is started by the connection.
   * @returns `undefined` when the connection was released or closed instead
   */
  accept(connection: Connection, head: RequestHead): Exchange | undefined;
  /** What arrived is not a request. To answer, and to close the connection, is for this to do. */
  refuse(connection: Connection, error: RequestError): void;
  /** A head has not arrived in time. As with `refuse`. */
  expire(connection: Connection): void;
  /** The connection is gone while no request was with the application. */
  onGone?(connection: Connection, error: Error | undefined): void;
  /** Nothing has gone in or out for as long as somebody said with {@link Connection.watchInactivity}. */
  onInactive?(connection: Connection): void;
}
