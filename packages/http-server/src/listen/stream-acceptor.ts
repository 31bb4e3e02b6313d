import { closeSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { duplicate } from '@gunicorn-ts/posix';
import type { ConnectionSource } from './connection-source.ts';

export interface StreamListening {
  readonly fd: number;
  readonly backlog: number;
  readonly allowHalfOpen: boolean;
  onSocket(socket: Socket): void;
  onRefusal(error: Error): void;
}

/** How long after a failure to listen it is tried again, in milliseconds. */
const RETRY_MS = 1000;

/** Takes connections from a listening socket as sockets of Node's, where descriptors cannot be watched. */
export class StreamAcceptor implements ConnectionSource {
  readonly #listening: StreamListening;
  readonly #server: Server;
  #fd: number;
  #isPaused = false;
  #isStopped = false;
  #taken = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(listening: StreamListening) {
    this.#listening = listening;
    this.#fd = duplicate(listening.fd);
    this.#server = createServer({ allowHalfOpen: listening.allowHalfOpen, noDelay: true }, (socket) => {
      this.#taken++;
      listening.onSocket(socket);
    });
    this.#server.on('error', (error) => this.#failed(error));
    this.resume();
  }

  /** libuv cannot pause a listening handle, so it is closed, and a duplicate of its descriptor kept to go on with. */
  pause(): void {
    this.#isPaused = true;
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
    this.#isPaused = false;
    this.#listen();
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearTimeout(this.#retry);
    if (this.#server.listening) this.#server.close();
    else closeSync(this.#fd);
  }

  /** They come by themselves, one a turn of the event loop. */
  take(): number {
    const taken = this.#taken;
    this.#taken = 0;
    return taken;
  }

  #listen(): void {
    if (this.#isPaused || this.#isStopped || this.#server.listening) return;
    this.#server.listen({ fd: this.#fd }, this.#listening.backlog);
  }

  /** One that cannot listen again when there is room would be deaf for good. */
  #failed(error: Error): void {
    this.#listening.onRefusal(error);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#listen(), RETRY_MS).unref();
  }
}
