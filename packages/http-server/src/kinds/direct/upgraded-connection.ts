import type { Duplex } from 'node:stream';
import type { ServedConnection } from '../../connection/served-connection.ts';

export const SWITCHING_PROTOCOLS = 101;

/** A connection that has left HTTP. */
export interface UpgradedConnection {
  readonly socket: Duplex;
  /** What the client has sent behind the head of its request. */
  readonly rest: Buffer;
  /** @param bytes that were sent, for the access log */
  over(bytes: number): void;
}

/** The connection leaves HTTP; its request goes on until `over` is called. */
export function leaveHttp(connection: ServedConnection, onOver: (bytes: number) => void): UpgradedConnection {
  const rest = connection.takeRest();
  const socket = connection.release();
  const over = (bytes: number): void => {
    onOver(bytes);
    connection.forget();
  };
  return { socket, rest, over };
}
