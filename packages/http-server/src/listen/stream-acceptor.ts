import { closeSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { duplicate } from '@gunicorn-ts/posix';
import type { ConnectionSource } from './connection-source.ts';

export interface StreamListening {
  readonly fd: number;
  readonly backlog: number;
  onSocket(socket: Socket): void;
  onRefusal(error: Error): void;
}

/** Takes connections from a listening socket as sockets of Node's, where descriptors cannot be watched. */
export class StreamAcceptor implements ConnectionSource {
  readonly #listening: StreamListening;
  readonly #server: Server;
  #fd: number;
  #isStopped = false;

  constructor(listening: StreamListening) {
    this.#listening = listening;
    this.#fd = duplicate(listening.fd);
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      listening.onSocket(socket),
    );
    this.#server.on('error', (error) => listening.onRefusal(error));
    this.resume();
  }

  /** libuv cannot pause a listening handle, so it is closed, and a duplicate of its descriptor kept to go on with. */
  pause(): void {
    if (this.#isStopped || !this.#server.listening) return;
    let spare: number;
    try {
      spare = duplicate(this.#fd);
    } catch (error) {
      this.#listening.onRefusal(error as Error);
      return;
    }
    this.#server.close();
    this.#fd = spare;
  }

  resume(): void {
    if (this.#isStopped || this.#server.listening) return;
    this.#server.listen({ fd: this.#fd }, this.#listening.backlog);
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    if (this.#server.listening) this.#server.close();
    else closeSync(this.#fd);
  }

  /** They come by themselves. */
  take(): number {
    return 0;
  }
}
