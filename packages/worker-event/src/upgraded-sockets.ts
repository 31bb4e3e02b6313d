import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { LINGER_MS } from './idle-sweeper.ts';

/** A close frame with status 1012, "service restart" (RFC 6455, section 5.5.1; the code is IANA's). */
const SERVICE_RESTART = Buffer.from([0x88, 0x02, 0x03, 0xf4]);

/** Sockets that the application took over with `Upgrade` or `CONNECT`; Node's HTTP server forgets them. */
export class UpgradedSockets {
  readonly #requests = new Map<Duplex, IncomingMessage>();
  #leaving = false;

  add(request: IncomingMessage, socket: Duplex): void {
    this.#requests.set(socket, request);
    socket.once('close', () => this.#requests.delete(socket));
    if (this.#leaving) setImmediate(() => this.#leave(socket, request));
  }

  /**
   * Tells WebSocket clients to connect anew, and ends all sockets a second later. Frames are written whole
   * in one turn of the loop, so between turns the frame lands between two others.
   */
  sayGoodbye(): void {
    this.#leaving = true;
    for (const [socket, request] of this.#requests) this.#leave(socket, request);
  }

  #leave(socket: Duplex, request: IncomingMessage): void {
    // Without a written response the handshake is not complete, and a frame would be taken for it.
    if (isWebSocket(request) && socket.writable && request.socket.bytesWritten > 0)
      socket.write(SERVICE_RESTART);
    setTimeout(() => socket.end(), LINGER_MS).unref();
  }
}

function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket' && request.method === 'GET';
}
