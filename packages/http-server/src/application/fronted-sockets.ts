import type { Socket } from 'node:net';

/** What was seen of a socket when it was last looked at. */
interface Traffic {
  bytes: number;
  since: number;
}

/** Accepted sockets that are not HTTP yet: something in front of it, such as a TLS handshake, is going on. */
export class FrontedSockets {
  readonly #sockets = new Map<Socket, Traffic>();

  get size(): number {
    return this.#sockets.size;
  }

  add(socket: Socket): void {
    this.#sockets.set(socket, { bytes: 0, since: performance.now() });
    socket.once('close', () => this.delete(socket));
  }

  /** The one that has been here longest. */
  get oldest(): Socket | undefined {
    const [oldest] = this.#sockets.keys();
    return oldest;
  }

  /** HTTP has begun, or the socket is closed. */
  delete(socket: Socket): void {
    this.#sockets.delete(socket);
  }

  /** Ends those on which nothing has come or gone for so long; those that were ended so long ago are cut. */
  endUnused(now: number, limitMs: number): void {
    for (const [socket, traffic] of this.#sockets) {
      const bytes = socket.bytesRead + socket.bytesWritten;
      if (bytes !== traffic.bytes) {
        traffic.bytes = bytes;
        traffic.since = now;
      } else if (now - traffic.since >= limitMs) {
        traffic.since = now;
        if (socket.writableEnded) socket.destroy();
        else socket.end();
      }
    }
  }

  destroy(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }
}
