import { setKeepAlive, setNoDelay } from '@gunicorn-ts/posix';
import { getDefaultHighWaterMark } from 'node:stream';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServedConnection } from '../../connection/served-connection.ts';
import type { DescriptorTransport } from '../../transport/descriptor.ts';
import { socketEncodingError, writeError } from './errors.ts';
import { abortRequest } from './internals.ts';
import { SocketFace } from './socket-face.ts';
import { ReadableFace, WritableFace } from './socket-state.ts';

type Callback = (error?: Error | null) => void;

/** What the server hears of a socket, before those who listen to it. */
export interface SocketWatcher {
  onTimeout(socket: ConnectionSocket): void;
  onError(socket: ConnectionSocket, error: Error): void;
}

/**
 * What `request.socket` is for a connection that is only a descriptor: as much of a `net.Socket` as applications ask
 * for. It has that prototype, but none of its inside: a stream and a handle of Node's cost more than a request.
 */
export class ConnectionSocket extends SocketFace {
  readonly _writableState: WritableFace;
  _httpMessage: ServerResponse | null = null;
  server: unknown = null;
  destroyed = false;
  closed = false;
  errored: Error | null = null;
  timeout: number | undefined = undefined;
  callbacks: Callback[] | undefined = undefined;
  isSettling = false;
  isGone = false;

  writableLength = 0;
  writableNeedDrain = false;
  #isEnded = false;
  readonly #watcher: SocketWatcher;

  constructor(connection: ServedConnection, transport: DescriptorTransport, watcher: SocketWatcher) {
    super(connection, transport);
    this.#watcher = watcher;
    this._writableState = new WritableFace(this);
  }

  get _readableState(): ReadableFace {
    return new ReadableFace(this);
  }

  get readable(): boolean {
    return !this.destroyed && !this.transport.isEnded;
  }

  get readableEnded(): boolean {
    return this.transport.isEnded;
  }

  get writable(): boolean {
    return !this.destroyed && !this.writableEnded;
  }

  /** By the application, or behind the last response. */
  get writableEnded(): boolean {
    return this.#isEnded || this.transport.isFinishing;
  }

  get writableFinished(): boolean {
    return this.writableEnded && this.transport.pending === 0;
  }

  get readableHighWaterMark(): number {
    return this.writableHighWaterMark;
  }

  /** An option of the server. */
  get writableHighWaterMark(): number {
    return (this.server as { highWaterMark?: number } | null)?.highWaterMark ?? HIGH_WATER_MARK;
  }

  get writableCorked(): number {
    return this._writableState.corked;
  }

  override emit(event: string | symbol, ...parameters: unknown[]): boolean {
    if (event === 'timeout') this.#watcher.onTimeout(this);
    if (event !== 'error') return super.emit(event, ...parameters);
    // The server listens to it, as Node's does: one that nobody else hears is no exception.
    this.#watcher.onError(this, parameters[0] as Error);
    if (this.listenerCount('error') > 0) super.emit(event, ...parameters);
    return true;
  }

  /** Nobody has anything to do with it for now. */
  rest(): void {
    const emitter = this as { _events?: object | undefined; readonly _eventsCount?: number };
    if (emitter._eventsCount === 0) emitter._events = undefined;
  }

  cork(): void {
    this._writableState.corked++;
  }

  uncork(): void {
    const state = this._writableState;
    if (state.corked === 0 || --state.corked > 0) return;
    this.transport.flush();
    this.settle();
  }

  write(
    data: string | Uint8Array,
    encoding?: BufferEncoding | Callback | null,
    callback?: Callback,
  ): boolean {
    if (typeof encoding === 'function') return this.write(data, undefined, encoding);
    if (this.destroyed || this.writableEnded) {
      const error = writeError(this.destroyed);
      if (callback) process.nextTick(callback, error);
      return false;
    }
    const { transport } = this;
    this.writableLength += data.length;
    if (this.writableLength >= this.writableHighWaterMark) this.writableNeedDrain = true;
    if (typeof data !== 'string') transport.bytes(data);
    else if (encoding === 'latin1' || encoding === 'binary') transport.text(data);
    else if (!encoding || encoding === 'utf8' || encoding === 'utf-8') transport.utf8(data);
    else transport.bytes(Buffer.from(data, encoding));
    if (callback) (this.callbacks ??= []).push(callback);
    if (this._writableState.corked === 0) {
      transport.flush();
      this.settle();
    }
    return !this.writableNeedDrain;
  }

  end(
    data?: string | Uint8Array | Callback,
    encoding?: BufferEncoding | Callback,
    callback?: Callback,
  ): this {
    if (typeof data === 'function') return this.end(undefined, undefined, data);
    if (typeof encoding === 'function') return this.end(data, undefined, encoding);
    if (data !== undefined && data !== null) this.write(data, encoding);
    if (callback) this.once('finish', callback);
    if (this.writableEnded || this.destroyed) return this;
    this.#isEnded = true;
    this._writableState.corked = 0;
    this.transport.flush();
    this.settle();
    this.connection.close(true);
    if (this.transport.pending === 0) process.nextTick(emitFinish, this);
    return this;
  }

  destroySoon(): void {
    this.end();
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.errored = error ?? null;
    this.connection.destroy(error);
    return this;
  }

  setTimeout(ms: number, callback?: () => void): this {
    this.timeout = ms;
    if (callback) {
      if (ms === 0) this.removeListener('timeout', callback);
      else this.once('timeout', callback);
    }
    this.connection.watchInactivity(ms);
    return this;
  }

  /** Reading is HTTP's business; this is how a request says that it wants more of its body. */
  resume(): this {
    this.connection.wantBody();
    return this;
  }

  pause(): this {
    return this;
  }

  /** Nothing is here to be read: HTTP has it. */
  read(): null {
    return null;
  }

  setEncoding(): never {
    throw socketEncodingError();
  }

  setNoDelay(isOn = true): this {
    if (!this.destroyed && this.transport.local !== undefined) setNoDelay(this.transport.fd, isOn);
    return this;
  }

  setKeepAlive(isOn = false, initialDelayMs = 0): this {
    if (this.destroyed || this.transport.local === undefined) return this;
    setKeepAlive(this.transport.fd, isOn, Math.floor(initialDelayMs / 1000));
    return this;
  }

  ref(): this {
    this.transport.ref();
    return this;
  }

  unref(): this {
    this.transport.unref();
    return this;
  }

  /** All that was written has been handed to the kernel. */
  drained(): void {
    this.writableLength = 0;
    this.settle();
    if (this.writableEnded) emitFinish(this);
    else if (this.writableNeedDrain) {
      this.writableNeedDrain = false;
      this.emit('drain');
    }
  }

  /**
   * The connection is gone. Emits `close`, in a moment: behind all that is being done, as a handle of Node's does.
   * @param request that is not answered
   */
  gone(error: Error | undefined, request?: IncomingMessage): void {
    if (this.isGone) return;
    this.isGone = this.destroyed = true;
    this.errored ??= error ?? null;
    setImmediate(emitSocketClose, this, request);
  }

  failCallbacks(): void {
    const callbacks = this.callbacks ?? [];
    this.callbacks = undefined;
    const error = this.errored ?? writeError(true);
    for (const callback of callbacks) callback(error);
  }

  runCallbacks(): void {
    this.isSettling = false;
    if (this.transport.pending > 0) return;
    const callbacks = this.callbacks ?? [];
    this.callbacks = undefined;
    // Who writes on at once has callbacks of his own.
    if (this.writableNeedDrain) this.#tellDrain();
    for (const callback of callbacks) callback(null);
  }

  /** Who wrote is told when the kernel has it, but never before `write` has returned. */
  settle(): void {
    if (this.transport.pending > 0) return;
    if (!this.writableNeedDrain) {
      this.writableLength = 0;
      if (this.callbacks === undefined) return;
    }
    if (this.isSettling) return;
    this.isSettling = true;
    process.nextTick(runCallbacks, this);
  }

  /** The kernel had room at once, and who was told to wait goes on in the next tick. */
  #tellDrain(): void {
    const { exchange } = this.connection;
    if (exchange === undefined) this.drained();
    else exchange.onDrain();
  }
}

const HIGH_WATER_MARK = getDefaultHighWaterMark(false);

function runCallbacks(socket: ConnectionSocket): void {
  socket.runCallbacks();
}

function emitFinish(socket: ConnectionSocket): void {
  socket.emit('finish');
}

function emitSocketClose(socket: ConnectionSocket, request: IncomingMessage | undefined): void {
  const { errored } = socket;
  try {
    if (errored !== null) socket.emit('error', errored);
    if (request !== undefined) abortRequest(request);
    socket.failCallbacks();
  } finally {
    // Whoever threw, the response is to hear of it.
    socket.closed = true;
    socket.emit('close', errored !== null);
  }
}
