import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { ProxyEndpoint } from '@gunicorn-ts/http';
import type { AsgiTls } from '@gunicorn-ts/interface';
import type { Peer } from '@gunicorn-ts/posix';
import { peerAddress, tlsAgreement } from '@gunicorn-ts/transport';
import { clock } from '../loop/clock.ts';
import type { LocalAddress, Transport, TransportOwner } from './transport.ts';

/** What is known of the stream's ends, when it does not know them itself. */
export interface StreamEnds {
  readonly peer?: Peer;
  readonly local?: LocalAddress;
  readonly secure?: boolean;
  /** The client, when a load balancer in front of TLS named it. */
  readonly source?: ProxyEndpoint;
}

/** Bytes that go through a stream of Node's: TLS, a tunnel, or a socket where descriptors cannot be watched. */
export class StreamTransport implements Transport {
  readonly stream: Duplex;
  readonly peer: Peer;
  readonly local: LocalAddress;
  readonly secure: boolean;
  isClosed = false;
  isEnded = false;
  lastRead: number = clock.ms;
  lastWrite: number = clock.ms;
  owner: TransportOwner | undefined;
  #isFinishing = false;
  #isCorked = false;
  /** Whether what was flushed is still here. A stream emits `drain` only when it was told more than it likes. */
  #isWaiting = false;
  #error: Error | undefined;
  lost = 0;
  /** What the stream is destroyed with when the client has read to the end. */
  fault: Error | undefined;

  constructor(stream: Duplex, ends: StreamEnds = {}) {
    const socket = stream as Partial<Socket> & Duplex & { encrypted?: boolean };
    this.stream = stream;
    this.peer = ends.peer ?? { host: peerAddress(socket as Socket), port: socket.remotePort ?? 0 };
    this.local = 'local' in ends ? ends.local : localOf(socket);
    this.secure = ends.secure ?? socket.encrypted === true;
  }

  get tls(): AsgiTls | undefined {
    // A stream of HTTP/2 is one of many on its socket.
    const { carrier = this.stream } = this.stream as { carrier?: object };
    return 'getCipher' in carrier ? tlsAgreement(carrier as TLSSocket) : undefined;
  }

  start(): void {
    const { stream } = this;
    stream.on('data', this.#onData);
    stream.on('end', this.#onEnd);
    stream.on('drain', this.#onDrain);
    stream.on('error', this.#onError);
    stream.on('close', this.#onClose);
  }

  get pending(): number {
    return this.stream.writableLength;
  }

  get bytesRead(): number {
    return (this.stream as Partial<Socket>).bytesRead ?? 0;
  }

  get bytesWritten(): number {
    return (this.stream as Partial<Socket>).bytesWritten ?? 0;
  }

  text(text: string): void {
    if (!this.#mayWrite()) return;
    this.#cork();
    this.stream.write(text, 'latin1', this.#onWritten);
  }

  bytes(bytes: Uint8Array): void {
    if (!this.#mayWrite() || bytes.length === 0) return;
    this.#cork();
    this.stream.write(bytes, this.#onWritten);
  }

  utf8(text: string): void {
    if (!this.#mayWrite()) return;
    this.#cork();
    this.stream.write(text, 'utf8', this.#onWritten);
  }

  flush(): void {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    clock.look();
    this.lastWrite = clock.ms;
    this.stream.uncork();
    this.#isWaiting = this.pending > 0;
  }

  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    if (!this.isClosed && !this.isEnded) this.stream.resume();
  }

  finish(): void {
    if (this.isClosed || this.#isFinishing) return;
    this.#isFinishing = true;
    this.flush();
    this.stream.end();
    // Reads on: to close with unread bytes would reset the connection, and the reset can overtake the response.
    this.stream.resume();
  }

  destroy(error?: Error): void {
    this.isClosed = true;
    this.stream.destroy(error);
  }

  ref(): void {
    (this.stream as Partial<Socket>).ref?.();
  }

  unref(): void {
    (this.stream as Partial<Socket>).unref?.();
  }

  release(): Duplex {
    const { stream } = this;
    this.flush();
    this.isClosed = true;
    stream.off('data', this.#onData);
    stream.off('end', this.#onEnd);
    stream.off('drain', this.#onDrain);
    stream.off('error', this.#onError);
    stream.off('close', this.#onClose);
    // As it was before anybody read from it.
    (stream as unknown as { readableFlowing: boolean | null }).readableFlowing = null;
    return stream;
  }

  readonly #onData = (chunk: Buffer): void => {
    clock.look();
    this.lastRead = clock.ms;
    if (!this.#isFinishing) this.owner?.onData(chunk, chunk.length);
  };

  readonly #onEnd = (): void => {
    this.isEnded = true;
    if (!this.#isFinishing) this.owner?.onEnd();
    else if (this.fault !== undefined) this.#breakOff(this.stream, this.fault);
  };

  readonly #onWritten = (error?: Error | null): void => {
    // A stream that is gone takes everything at once, and would be written to for ever.
    if (error || this.stream.destroyed || !this.#isWaiting || this.pending > 0) return;
    this.#isWaiting = false;
    this.#onDrain();
  };

  readonly #onDrain = (): void => {
    clock.look();
    this.lastWrite = clock.ms;
    if (!this.#isFinishing) this.owner?.onDrain();
  };

  /** `close` follows. */
  readonly #onError = (error: Error): void => {
    this.isClosed = true;
    this.#error = error;
  };

  readonly #onClose = (): void => {
    this.isClosed = true;
    this.lost = this.stream.writableLength;
    this.owner?.onClose(this.#error);
  };

  #breakOff(stream: Duplex, fault: Error): void {
    if (stream.writableFinished) stream.destroy(fault);
    else stream.once('finish', () => stream.destroy(fault));
  }

  #mayWrite(): boolean {
    return !this.isClosed && !this.#isFinishing && this.stream.writable;
  }

  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.stream.cork();
  }
}

function localOf({ localAddress, localPort }: Partial<Socket>): LocalAddress {
  if (localAddress === undefined || isIP(localAddress) === 0) return undefined;
  return { host: localAddress, port: localPort ?? 0 };
}
