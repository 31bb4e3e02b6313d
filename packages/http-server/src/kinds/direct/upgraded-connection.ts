import type { Duplex } from 'node:stream';
import { setNoDelay } from '@gunicorn-ts/posix';
import type { ServedConnection } from '../../connection/served-connection.ts';
import { TransportStream } from '../../transport/transport-stream.ts';
import { openDescriptor } from '../../transport/wire.ts';

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
  const isTcp = connection.transport.local !== undefined;
  const socket = connection.release((fd) => {
    // The listener has said so, unless somebody else has opened it.
    if (isTcp) setNoDelay(fd, true);
    return new TransportStream(openDescriptor(fd));
  });
  const over = (bytes: number): void => {
    onOver(bytes);
    connection.forget();
  };
  return { socket, rest, over };
}
