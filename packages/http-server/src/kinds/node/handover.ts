import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServedConnection } from '../../connection/served-connection.ts';
import { ConnectionSocket } from './connection-socket.ts';
import type { NodeRequest } from './internals.ts';
import { unwatchStream } from './watched-stream.ts';

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
  tellOfEnd(socket, connection);
  if (attachment instanceof ConnectionSocket) {
    Object.assign(socket, { server: attachment.server });
    if (proxy?.source !== undefined) nameClient(socket, proxy.source.address, proxy.source.port);
    request.socket = socket;
    // Whoever counts connections by their sockets has seen this one come.
    attachment.gone(undefined);
  } else unwatchStream(socket);
  Object.assign(socket, { parser: null });
  request.upgrade = true;
  // It has no body: what comes is no request's.
  request.complete = true;
  request.push(null);
  return { socket, rest };
}

/** What a socket of Node's has of its server: it takes itself from the connections, and asks whether that was the last. */
interface Counting {
  _connections: number;
  _emitCloseIfDrained(): void;
}

/** Tells of the end of a socket, by no listener where that can be: the application could remove it with all the others. */
function tellOfEnd(socket: Socket, connection: ServedConnection): void {
  const counted = socket as unknown as { _server?: Counting | null };
  if (counted._server === undefined) {
    socket.once('close', () => connection.forget());
    return;
  }
  const own = counted._server;
  counted._server = {
    get _connections() {
      return own?._connections ?? 0;
    },
    set _connections(count) {
      if (own !== null) own._connections = count;
    },
    _emitCloseIfDrained() {
      connection.forget();
      own?._emitCloseIfDrained();
    },
  };
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
