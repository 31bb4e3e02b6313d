import { EventEmitter } from 'node:events';
import { isIPv6, Socket } from 'node:net';
import type { ServedConnection } from '../../connection/served-connection.ts';
import type { DescriptorTransport } from '../../transport/descriptor.ts';
import { tap } from '../../transport/tap.ts';
import { localEnd } from '../../transport/local-end.ts';

type Listener = Parameters<EventEmitter['on']>[1];

type Ends = { readonly host: string; readonly port: number } | undefined;

const emitter = EventEmitter.prototype;

/** An emitter that has nothing of its own before somebody listens: connections that are kept are many. */
const Listened: typeof EventEmitter = function Listened() {} as unknown as typeof EventEmitter;

/** What a socket tells of its connection. */
export abstract class SocketFace extends Listened {
  readonly connection: ServedConnection;
  readonly transport: DescriptorTransport;
  #askedLocal: Ends;
  #isTapped = false;
  abstract readonly readable: boolean;
  abstract readonly writable: boolean;
  abstract readonly writableLength: number;
  abstract gone(error: Error | undefined): void;

  constructor(connection: ServedConnection, transport: DescriptorTransport) {
    super();
    this.connection = connection;
    this.transport = transport;
  }

  get bytesRead(): number {
    return this.transport.bytesRead;
  }

  get bufferSize(): number {
    return this.writableLength;
  }

  get _bytesDispatched(): number {
    return this.bytesWritten;
  }

  get bytesWritten(): number {
    return this.transport.bytesWritten + this.transport.pending;
  }

  /** The client, as the load balancer named it, or the peer. */
  get remoteAddress(): string | undefined {
    return remoteOf(this)?.host;
  }

  get remotePort(): number | undefined {
    return remoteOf(this)?.port;
  }

  get remoteFamily(): string | undefined {
    return familyOf(remoteOf(this));
  }

  get localAddress(): string | undefined {
    return this.#local?.host;
  }

  get localPort(): number | undefined {
    return this.#local?.port;
  }

  get localFamily(): string | undefined {
    return familyOf(this.#local);
  }

  get #local(): Ends {
    const { transport } = this;
    // A descriptor that is closed may be somebody else's by now.
    if (transport.isClosed) return this.#askedLocal ?? transport.local;
    return (this.#askedLocal ??= localEnd(transport.fd, transport.local, transport.peer.host));
  }

  get readyState(): string {
    if (this.readable) return this.writable ? 'open' : 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  override on(event: string | symbol, listener: Listener): this {
    this.#watch(event);
    return Reflect.apply(emitter.on, this, [event, listener]) as this;
  }

  override addListener(event: string | symbol, listener: Listener): this {
    return this.on(event, listener);
  }

  override prependListener(event: string | symbol, listener: Listener): this {
    this.#watch(event);
    return Reflect.apply(emitter.prependListener, this, [event, listener]) as this;
  }

  /** What the client sends is HTTP's, and who asks for it gets it as well. */
  #watch(event: string | symbol): void {
    if (this.#isTapped || (event !== 'data' && event !== 'end')) return;
    this.#isTapped = true;
    tap(this.transport, {
      onBytes: (bytes) => void this.emit('data', bytes),
      onEnd: () => process.nextTick(emitEnd, this),
    });
  }

  /** A reset in place of an end, by a socket of Node's, which says so where there can be none. */
  resetAndDestroy(): this {
    const { connection } = this;
    if (this.transport.isClosed) return this;
    // What has arrived behind the request is nobody's.
    connection.takeRest();
    const socket = connection.release() as Socket;
    socket.once('close', () => connection.forget());
    socket.resetAndDestroy();
    const { exchange } = connection;
    connection.exchange = undefined;
    if (exchange === undefined) this.gone(undefined);
    else exchange.onAbort(undefined);
    return this;
  }

  address(): object {
    const { localAddress: address, localPort: port, localFamily: family } = this;
    return address === undefined ? {} : { address, port, family };
  }
}

// `instanceof net.Socket` holds, and what is not said here is at least there. Listening is an emitter's, not a stream's.
Object.setPrototypeOf(SocketFace.prototype, Socket.prototype);
for (const name of ['off', 'removeListener', 'removeAllListeners'] as const) {
  Object.defineProperty(SocketFace.prototype, name, {
    value: emitter[name],
    configurable: true,
    writable: true,
  });
}
for (const [name, value] of [
  ['connecting', false],
  ['pending', false],
  ['_handle', null],
  ['_hadError', false],
  ['_paused', false],
  ['parser', null],
  ['_events', undefined],
  ['_eventsCount', 0],
  ['allowHalfOpen', true],
  ['encrypted', false],
  ['readableLength', 0],
  ['readableDidRead', false],
  ['readableEncoding', null],
  ['writableBuffer', []],
  ['readableFlowing', true],
  ['writableObjectMode', false],
  ['readableObjectMode', false],
] as const) {
  Object.defineProperty(SocketFace.prototype, name, { value, configurable: true, writable: true });
}

function emitEnd(socket: SocketFace): void {
  socket.emit('end');
}

function remoteOf({ connection, transport }: SocketFace): Ends {
  const { proxy } = connection;
  if (proxy?.source !== undefined) return { host: proxy.source.address, port: proxy.source.port };
  return transport.peer.host === '' ? undefined : transport.peer;
}

function familyOf(ends: Ends): string | undefined {
  return ends === undefined ? undefined : isIPv6(ends.host) ? 'IPv6' : 'IPv4';
}
