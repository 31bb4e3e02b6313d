import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { type HttpRules, RequestError } from '@gunicorn-ts/http';
import { type AcceptedConnection, sinceReceived } from '@gunicorn-ts/posix';
import { Connection } from './connection/connection.ts';
import type { ConnectionHost } from './connection/connection-host.ts';
import type { ServedConnection } from './connection/served-connection.ts';
import type { Service } from './connection/service.ts';
import { type Http2Options, Sessions } from './http2/sessions.ts';
import { DEFAULT_LIMITS, type Limits } from './connection/limits.ts';
import { sweepConnection } from './connection/sweep.ts';
import { ParserPool } from './connection/parser-pool.ts';
import { Traffic } from './connection/traffic.ts';
import { Acceptor } from './listen/acceptor.ts';
import { DescriptorLoop } from './loop/descriptor-loop.ts';
import { rethrowLater } from './loop/rethrow-later.ts';
import { Sweeper } from './loop/sweeper.ts';
import { DescriptorTransport } from './transport/descriptor.ts';
import { type StreamEnds, StreamTransport } from './transport/stream.ts';
import type { LocalAddress, Patience } from './transport/transport.ts';

/** How the bytes of connections come and go; `auto` takes descriptors where the system and Node let it. */
export type TransportChoice = 'auto' | 'descriptor' | 'stream';

export interface EngineOptions {
  readonly rules: HttpRules;
  readonly service: Service;
  /** Read again at each use, so that they may change. */
  readonly limits?: Readonly<Limits>;
  /** Whether a client that has ended its side still gets the answer that it waits for. Default: false, as in Node. */
  readonly allowHalfOpen?: boolean;
  /** Has clients that ask for HTTP/2 served; when they may is what the rules, and TLS in front, say. */
  readonly http2?: Http2Options;
  /** A connection has come; `false` when it is not wanted. */
  onConnection?(connection: ServedConnection): boolean;
  onClosed?(connection: ServedConnection): void;
}

const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS) as (keyof Limits)[];

/** Of so many connections one is asked for how long it has waited: a system call each would cost the others. */
const WAIT_SAMPLE = 16;

/** A header of the PROXY protocol that somebody else has read. */
const UNREAD_PROXY = { version: 2, protocol: 'UNKNOWN', destination: undefined } as const;

/** A listening socket whose connections an {@link Engine} takes. */
export interface EngineListener {
  readonly fd: number;
  readonly local: LocalAddress;
  onRefusal(error: Error): void;
  /** Takes accepted connections in place of the engine. */
  accept?(accepted: AcceptedConnection): void;
}

/** Speaks HTTP/1.x on connections, and has a {@link Service} answer. What it is asked to keep in mind is its options. */
export class Engine implements ConnectionHost {
  readonly service: Service;
  readonly limits: Readonly<Limits>;
  readonly parsers: ParserPool;
  allowHalfOpen: boolean;
  isClosing = false;
  readonly sessions: Sessions | undefined;
  readonly #options: EngineOptions;
  readonly #traffic: Traffic | undefined;
  #taken = 0;
  #empty: PromiseWithResolvers<void> | undefined;
  readonly #connections = new Set<Connection>();
  readonly #sweeper = new Sweeper({ sweep: (now) => this.#sweep(now) });

  constructor(options: EngineOptions) {
    this.#options = options;
    this.service = options.service;
    const { meter } = options.service;
    this.#traffic = meter && new Traffic(meter);
    this.limits = options.limits ?? DEFAULT_LIMITS;
    this.parsers = new ParserPool(options.rules);
    this.allowHalfOpen = options.allowHalfOpen ?? false;
    if (options.http2 !== undefined) this.sessions = new Sessions(this, options.rules, options.http2);
  }

  /** Whether connections can be descriptors that the event loop watches: on Linux, where Node shows libuv's functions. */
  static canWatch(): boolean {
    return DescriptorLoop.shared() !== undefined;
  }

  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** Takes connections from a listening socket. Only where {@link canWatch}. */
  listen({ fd, local, onRefusal, accept }: EngineListener): Acceptor {
    const onConnection = accept ?? ((accepted: AcceptedConnection) => this.serveDescriptor(accepted, local));
    return new Acceptor(DescriptorLoop.shared()!, { fd, onRefusal, onConnection });
  }

  /**
   * Serves an accepted connection: a non-blocking descriptor, which is the engine's from now on.
   * @param patience waits for the first bytes when they are not there
   */
  serveDescriptor(accepted: AcceptedConnection, local: LocalAddress, patience?: Patience): void {
    if (this.#taken++ % WAIT_SAMPLE === 0 && local !== undefined) this.#countWait(accepted.fd);
    const transport = new DescriptorTransport(DescriptorLoop.shared()!, accepted, local);
    const connection = new Connection(this, transport);
    if (this.#add(connection)) transport.start(patience);
  }

  /** Serves a stream of Node's, such as a TLS socket. */
  serveStream(stream: Duplex, ends?: StreamEnds): void {
    const transport = new StreamTransport(stream, ends);
    const connection = new Connection(this, transport);
    if (ends?.source !== undefined) connection.proxy = { ...UNREAD_PROXY, source: ends.source };
    if (!this.#add(connection)) return;
    // What its client and the server have agreed on in the TLS handshake.
    const isHttp2 = (stream as Partial<TLSSocket>).alpnProtocol === 'h2';
    if (isHttp2 && this.sessions !== undefined) this.sessions.serve(connection, Buffer.alloc(0));
    else transport.start();
  }

  /** Answers on a stream on which what stands in front of HTTP has failed, or, without an error, has not come in time. */
  refuseStream(stream: Duplex, error: RequestError | undefined): void {
    const transport = new StreamTransport(stream);
    const connection = new Connection(this, transport);
    if (!this.#add(connection)) return;
    transport.start();
    if (error !== undefined) this.service.refuse(connection, error);
    else {
      if (transport.bytesRead > 0) connection.stage = 'head';
      this.service.expire(connection);
    }
  }

  keepDeadline(ms: number): void {
    this.#sweeper.keep(ms);
  }

  /** From now on responses end their connections. */
  beginClosing(): void {
    this.isClosing = true;
    for (const { exchange } of this.#connections) exchange?.onLast();
    this.sessions?.leave();
  }

  onPreface(connection: ServedConnection): void {
    // A connection begins with it, or is another one's.
    if (connection.requests > 0 || this.sessions === undefined) {
      this.service.refuse(connection, new RequestError('http-version-unsupported'));
    } else this.sessions.serve(connection, connection.takeRest());
  }

  addStream(connection: Connection): void {
    this.#connections.add(connection);
  }

  streamClosed(connection: ServedConnection): void {
    if (this.#connections.delete(connection as Connection)) this.#left();
  }

  onClosed(connection: ServedConnection): void {
    if (!this.#connections.delete(connection as Connection)) return;
    this.service.meter?.connectionClosed();
    this.#traffic?.end(connection.transport);
    this.#options.onClosed?.(connection);
    this.#left();
  }

  #left(): void {
    if (this.#connections.size > 0) return;
    this.#empty?.resolve();
    this.#empty = undefined;
  }

  /** Resolves when no connection is left. */
  untilEmpty(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve();
    return (this.#empty ??= Promise.withResolvers<void>()).promise;
  }

  #add(connection: Connection): boolean {
    this.#connections.add(connection);
    this.service.meter?.connectionOpened();
    if (!this.#sweeper.isRunning) this.#keepLimits();
    if (this.#isWanted(connection)) return true;
    connection.destroy();
    return false;
  }

  #countWait(fd: number): void {
    const { meter } = this.service;
    const ms = meter && sinceReceived(fd);
    if (ms !== undefined) meter?.waited('tcp', ms);
  }

  #isWanted(connection: Connection): boolean {
    try {
      return this.#options.onConnection?.(connection) !== false;
    } catch (error) {
      // A listener threw who only wanted to know.
      rethrowLater(error);
      return true;
    }
  }

  #keepLimits(): void {
    for (const name of LIMIT_NAMES) this.#sweeper.keep(this.limits[name]);
  }

  #sweep(now: number): void {
    // Not when the last one leaves: where each is served at once, that is every one.
    if (this.#connections.size === 0) this.#sweeper.stop();
    else this.#keepLimits();
    this.sessions?.sweep(now);
    for (const connection of this.#connections) {
      this.#traffic?.look(connection.transport);
      try {
        sweepConnection(connection, this, now);
      } catch (error) {
        rethrowLater(error);
      }
    }
  }
}
