import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServedConnection } from '../../connection/served-connection.ts';
import { ConnectionSocket } from './connection-socket.ts';
import type { NodeRequest } from './internals.ts';

/**
 * Gives the connection of a request for another protocol away. From now on it is an ordinary stream of Node's: what
 * leaves HTTP must be able to do everything.
 * @returns the stream, and what the client has sent behind the head
 */
export function handOver(
  connection: ServedConnection,
  request: NodeRequest,
): { socket: Socket; rest: Buffer } {
  const rest = connection.takeRest();
  const { attachment, proxy } = connection;
  const socket = connection.release() as Socket;
  if (attachment instanceof ConnectionSocket) {
    Object.assign(socket, { server: attachment.server, _server: countingFor(connection) });
    if (proxy?.source !== undefined) nameClient(socket, proxy.source.address, proxy.source.port);
    request.socket = socket;
    // Whoever counts connections by their sockets has seen this one come.
    attachment.gone(undefined);
  } else socket.once('close', () => connection.forget());
  Object.assign(socket, { parser: null });
  request.upgrade = true;
  return { socket, rest };
}

/**
 * What a socket of Node's tells of its end: by no listener, which the application could remove with all the others.
 * It takes itself from the connections of its server, and asks for the end of that.
 */
function countingFor(connection: ServedConnection): object {
  return { _connections: 1, _emitCloseIfDrained: () => connection.forget() };
}

/** Has a socket of Node's say that it comes from the client that its load balancer named. */
export function nameClient(socket: Duplex, address: string, port: number): void {
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  for (const [name, value] of Object.entries({
    remoteAddress: address,
    remotePort: port,
    remoteFamily: family,
  })) {
    Object.defineProperty(socket, name, { value, configurable: true, enumerable: true });
  }
}
