import type cluster from 'node:cluster';
import type { RequestListener } from 'node:http';
import { NodeServer } from '../node-http.ts';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServedConnection } from '../connection/served-connection.ts';
import { closeUnused } from '../connection/sweep.ts';
import { Engine } from '../engine.ts';
import { ConnectionSocket } from '../kinds/node/connection-socket.ts';
import { NodeService } from '../kinds/node/node-service.ts';
import { DescriptorTransport } from '../transport/descriptor.ts';
import { localEnd } from '../transport/local-end.ts';
import { DescriptorsUnavailableError, TransportOptionError } from './errors.ts';
import { type ListeningHandle, ListeningDescriptor } from './listening-descriptor.ts';
import { ServerHost } from './server-host.ts';
import { ServerLimits } from './server-limits.ts';
import type { ServerOptions } from './server-options.ts';
import { rulesOf } from './server-rules.ts';

const TRANSPORTS: readonly unknown[] = ['auto', 'descriptor', 'stream'];

/** What `net.Server` keeps, and does not show in its types. */
interface ServerInternals {
  _handle: ListeningHandle | null;
  _connections: number;
  readonly _unref: boolean;
  _emitCloseIfDrained(): void;
}

/** A server of Node's as far as anybody can tell, with the connections of this package. */
export class Server extends NodeServer {
  readonly #engine: Engine;
  readonly #service: NodeService;
  readonly #options: ServerOptions;
  readonly #leaving = new Set<ServedConnection>();

  constructor(options: ServerOptions, listener?: RequestListener) {
    super(options, listener);
    const { transport = 'auto' } = options;
    if (!TRANSPORTS.includes(transport)) throw new TransportOptionError(transport);
    this.#options = options;
    // Node's own, which put a parser of Node's on each connection, and look at their deadlines.
    this.removeAllListeners('connection');
    this.removeAllListeners('listening');
    const host = new ServerHost(this, options, (connection) => this.#onFarewell(connection));
    this.#service = new NodeService(host);
    this.#engine = new Engine({
      rules: rulesOf(options),
      service: this.#service,
      limits: new ServerLimits(this),
      onConnection: (connection) => this.#onConnection(connection),
      onClosed: (connection) => this.#onClosed(connection),
    });
    this.on('connection', (socket: Socket) => this.#serveStream(socket));
    this.on('listening', () => this.#takeListener());
  }

  override closeAllConnections(): void {
    for (const connection of this.#engine.connections) this.#destroy(connection);
  }

  override closeIdleConnections(): void {
    for (const connection of this.#engine.connections) {
      if (connection.isIdle) closeUnused(connection, false);
    }
  }

  #destroy(connection: ServedConnection): void {
    const { attachment } = connection;
    if (attachment instanceof ConnectionSocket) attachment.destroy();
    else connection.destroy();
  }

  /** Runs before anybody else hears that the server listens, and before the loop could have taken a connection. */
  #takeListener(): void {
    const {
      transport = 'auto',
      noDelay = true,
      keepAlive = false,
      keepAliveInitialDelay = 0,
    } = this.#options;
    // What a cluster's primary listens on, it also takes connections from.
    if (transport === 'stream' || isClusterWorker()) return;
    if (!Engine.canWatch()) {
      if (transport === 'descriptor') throw new DescriptorsUnavailableError();
      return;
    }
    const internals = this as unknown as ServerInternals;
    const handle = internals._handle;
    if (handle === null || handle instanceof ListeningDescriptor) return;
    const descriptor = ListeningDescriptor.replace(this.#engine, handle, {
      noDelay,
      keepAlive,
      keepAliveInitialDelay,
      onRefusal: (error) => this.emit('acceptError', error),
    });
    if (descriptor === undefined) return;
    internals._handle = descriptor;
    // It was said before the server listened.
    if (internals._unref) descriptor.unref();
  }

  #serveStream(socket: Socket | ConnectionSocket): void {
    if (!(socket instanceof ConnectionSocket)) this.#engine.serveStream(socket as Duplex);
  }

  #onConnection(connection: ServedConnection): boolean {
    if (this.timeout > 0) connection.watchInactivity(this.timeout);
    if (!this.#service.isOurs(connection)) {
      // Made now, since its events are the connection's.
      this.#service.socketOf(connection);
      return true;
    }
    const internals = this as unknown as ServerInternals;
    const { maxConnections } = this;
    internals._connections++;
    // As 0 it is a limit too; Node has it undefined, or null, when there is none.
    if (typeof maxConnections === 'number' && internals._connections + this.#leaving.size > maxConnections) {
      this.emit('drop', dropOf(connection));
      return false;
    }
    if (this.listenerCount('connection') > 1) this.emit('connection', this.#service.socketOf(connection));
    return true;
  }

  /** It counts no more: as on Node's server, which cuts it, whoever closes the server does not wait for its client. */
  #onFarewell(connection: ServedConnection): void {
    if (this.#leaving.has(connection) || connection.stage !== 'closing') return;
    this.#onClosed(connection);
    this.#leaving.add(connection);
  }

  #onClosed(connection: ServedConnection): void {
    if (!this.#service.isOurs(connection) || this.#leaving.delete(connection)) return;
    const internals = this as unknown as ServerInternals;
    internals._connections--;
    internals._emitCloseIfDrained();
  }
}

function dropOf({ transport }: ServedConnection): object {
  const { peer } = transport;
  const local =
    transport instanceof DescriptorTransport
      ? localEnd(transport.fd, transport.local, transport.peer.host)
      : transport.local;
  const family = peer.host.includes(':') ? 'IPv6' : 'IPv4';
  return {
    localAddress: local?.host,
    localPort: local?.port,
    localFamily: family,
    remoteAddress: peer.host,
    remotePort: peer.port,
    remoteFamily: family,
  };
}

/** Loaded here: the worker processes of this project never ask. */
function isClusterWorker(): boolean {
  return (process.getBuiltinModule('node:cluster') as unknown as typeof cluster).isWorker;
}
