import type { RequestError, RequestHead } from '@gunicorn-ts/http';
import type { Meter } from '@gunicorn-ts/interface';
import type { Exchange } from './exchange.ts';
import type { ServedConnection } from './served-connection.ts';

/** How the requests of a server are served: by a kind of application. */
export interface Service {
  /** Where connections and requests are counted. */
  readonly meter?: Meter | undefined;
  /**
   * A head has arrived. The exchange is started by the connection.
   * @returns `undefined` when the connection was released or closed instead
   */
  accept(connection: ServedConnection, head: RequestHead): Exchange | undefined;
  /** What arrived is not a request. To answer, and to close the connection, is for this to do. */
  refuse(connection: ServedConnection, error: RequestError): void;
  /** A head has not arrived in time. As with `refuse`. */
  expire(connection: ServedConnection): void;
  /** The connection is gone while no request was with the application. */
  onGone?(connection: ServedConnection, error: Error | undefined): void;
  /** A client does not read its response, and is cut off. */
  onUnread?(connection: ServedConnection): void;
  /**
   * The time that a connection is kept between two requests is over.
   * @returns whether somebody else ends it
   */
  onUnused?(connection: ServedConnection): boolean;
  /** Nothing has gone in or out for as long as somebody said with {@link ServedConnection.watchInactivity}. */
  onInactive?(connection: ServedConnection): void;
}
