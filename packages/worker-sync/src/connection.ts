import type { TLSSocket } from 'node:tls';
import type { ProxyEndpoint } from '@gunicorn-ts/http';
import { closeDescriptor, FixedBuffer, type Peer, receive, shutdownWrite } from '@gunicorn-ts/posix';
import type { Listener } from '@gunicorn-ts/interface';
import type { Watch, Watcher } from './watch.ts';

/** How long a client may go on sending after its response, in milliseconds, and how much. */
const LINGER_MS = 2000;
const LINGER_BYTES = 64 * 1024;

/** What is read and not looked at. */
let waste: FixedBuffer | undefined;

/** A connection whose bytes come through TLS. */
export interface ConnectionFront {
  readonly secured: TLSSocket;
  /** The client, when a load balancer named it in front of the handshake. */
  readonly source: ProxyEndpoint | undefined;
}

/** One accepted connection. */
export class Connection {
  readonly fd: number;
  readonly peer: Peer;
  readonly listener: Listener;

  /** What stands in front of it; `undefined` without TLS. */
  readonly front: ConnectionFront | undefined;
  #open = true;

  constructor(fd: number, peer: Peer, listener: Listener, front?: ConnectionFront) {
    this.fd = fd;
    this.peer = peer;
    this.listener = listener;
    this.front = front;
  }

  /** A second time it does nothing: the number may be somebody else's by then. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeDescriptor(this.fd);
  }

  /** Sends what the kernel holds back, with the end, and closes. To close alone could lose it: see {@link linger}. */
  finish(): void {
    shutdownWrite(this.fd);
    this.close();
  }

  /**
   * Closes when the client has, or after a while. To close with unread bytes would reset the connection, and
   * the reset can overtake the response.
   * @param mostBytes what the client may still send. Default: 64 KiB
   */
  linger(watch: Watch, mostBytes?: number): void {
    shutdownWrite(this.fd);
    this.closeLater(watch, mostBytes);
  }

  /** Closes when the client has, or after a while; the response may still be written by somebody else. */
  closeLater(watch: Watch, mostBytes: number = LINGER_BYTES): void {
    watch.add(new Farewell(this, watch, mostBytes), 'read');
  }
}

class Farewell implements Watcher {
  readonly fd: number;
  readonly deadline: number = performance.now() + LINGER_MS;
  readonly #connection: Connection;
  readonly #watch: Watch;
  #left: number;

  constructor(connection: Connection, watch: Watch, mostBytes: number) {
    this.#left = mostBytes;
    this.fd = connection.fd;
    this.#connection = connection;
    this.#watch = watch;
  }

  onReady(): void {
    waste ??= new FixedBuffer(LINGER_BYTES);
    let bytes: number;
    try {
      bytes = receive(this.fd, waste);
    } catch {
      bytes = 0;
    }
    this.#left -= Math.max(bytes, 0);
    if (bytes === 0 || this.#left <= 0) this.onDeadline();
  }

  onDeadline(): void {
    this.#watch.closed(this);
    this.#connection.close();
  }

  onFault(): void {
    this.#connection.close();
  }
}
