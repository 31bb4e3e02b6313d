import type { Connection } from '../../connection/connection.ts';
import { ConnectionSocket } from './connection-socket.ts';

const connections = new WeakMap<object, Connection>();

/** Says which connection a stream of Node's belongs to. A socket of ours knows. */
export function bindConnection(stream: object, connection: Connection): void {
  connections.set(stream, connection);
}

export function connectionOf(socket: object): Connection | undefined {
  return socket instanceof ConnectionSocket ? socket.connection : connections.get(socket);
}
