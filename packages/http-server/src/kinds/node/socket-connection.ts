import type { ServedConnection } from '../../connection/served-connection.ts';
import { ConnectionSocket } from './connection-socket.ts';

const bound = Symbol('connection');

type Bound = { [bound]?: ServedConnection };

/** Says which connection a stream of Node's belongs to. A socket of ours knows. */
export function bindConnection(stream: object, connection: ServedConnection): void {
  (stream as Bound)[bound] = connection;
}

export function connectionOf(socket: object): ServedConnection | undefined {
  return socket instanceof ConnectionSocket ? socket.connection : (socket as Bound)[bound];
}
