import type { Socket } from 'node:net';
import type { Connections } from './connections.ts';
import type { HttpServer } from './http-server.ts';
import type { InFlight } from './in-flight.ts';

export interface SweptServer {
  readonly connections: Connections;
  readonly server: HttpServer;
  readonly inFlight: InFlight;
}

/** How long a client may be about to use a connection that looks idle. */
export const LINGER_MS = 1000;

/**
 * While the worker drains: ends connections that nobody used between two looks at them, a second apart.
 * Ends and does not destroy, so that a client that still reads its last response gets all of it.
 */
export class IdleSweeper {
  readonly #swept: SweptServer;
  readonly #timer: NodeJS.Timeout;
  #traffic: ReadonlyMap<Socket, number>;

  constructor(swept: SweptServer) {
    this.#swept = swept;
    this.#traffic = trafficOf(swept.connections);
    this.#timer = setInterval(() => {
      // Right after the loop has polled: a request that has arrived is read before its connection is judged.
      setImmediate(() => this.#sweep());
    }, LINGER_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sweep(): void {
    const { connections, inFlight, server } = this.#swept;
    const busy = new Set<Socket>();
    for (const response of inFlight.responses()) busy.add(response.req.socket);
    const traffic = trafficOf(connections);
    const unused = new Set<Socket>();
    for (const [socket, bytes] of traffic) {
      if (!busy.has(socket) && this.#traffic.get(socket) === bytes) unused.add(socket);
    }
    this.#traffic = traffic;
    endIdle(server, unused, traffic.keys());
    for (const socket of unused) {
      // It was ended a sweep ago, and its client does not hang up.
      if (socket.writableFinished) socket.destroy();
      // Node does not call a connection idle that has not sent anything yet.
      else if (socket.bytesRead === 0) socket.end();
    }
  }
}

function trafficOf(connections: Connections): ReadonlyMap<Socket, number> {
  const traffic = new Map<Socket, number>();
  for (const socket of connections.sockets()) traffic.set(socket, socket.bytesRead + socket.bytesWritten);
  return traffic;
}

/**
 * Only Node's parser knows whether a request has begun on a connection, and `closeIdleConnections` is the
 * one door to it. It destroys what is idle, so for its duration `destroy` ends the socket, if it was unused.
 */
function endIdle(server: HttpServer, unused: ReadonlySet<Socket>, sockets: Iterable<Socket>): void {
  const all = [...sockets];
  const endInstead = function endInstead(this: Socket): Socket {
    return unused.has(this) && !this.writableEnded ? this.end() : this;
  };
  for (const socket of all) socket.destroy = endInstead;
  try {
    server.closeIdleConnections();
  } finally {
    for (const socket of all) Reflect.deleteProperty(socket, 'destroy');
  }
}
