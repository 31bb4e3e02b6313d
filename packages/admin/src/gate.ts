import net from 'node:net';
import { duplicate } from '@gunicorn-ts/posix';

/** Connections that are open at a time; the one that has been here longest makes room for a new one. */
const MOST_OPEN = 32;
/** Connections that are taken in a second; the kernel keeps or refuses the rest, which costs the arbiter nothing. */
const MOST_A_SECOND = 100;
const SECOND_MS = 1000;
/** How long one may take for all: to ask, and to read the answer. */
const LONGEST_MS = 5000;

export interface GateOptions {
  /** Listening sockets; they stay the caller's. */
  readonly fds: readonly number[];
  onConnection(socket: net.Socket): void;
  onError(error: Error): void;
}

/**
 * Takes connections, and no more than the process around it can do beside its work: a flood, clients that say half a
 * request, and clients that never read take each other's places.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #open = new Set<net.Socket>();
  #servers: net.Server[] = [];
  #taken = 0;
  #second: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#listen();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#second);
    this.#stopListening();
    for (const socket of this.#open) socket.destroy();
  }

  #listen(): void {
    this.#servers = this.#options.fds.map((fd) => {
      const server = net.createServer((socket) => this.#take(socket));
      server.on('error', (error) => this.#options.onError(error));
      server.unref();
      return server.listen({ fd: duplicate(fd), backlog: MOST_OPEN });
    });
  }

  #stopListening(): void {
    for (const server of this.#servers) server.close();
    this.#servers = [];
  }

  #take(socket: net.Socket): void {
    this.#count();
    for (const oldest of this.#open) {
      if (this.#open.size < MOST_OPEN) break;
      this.#open.delete(oldest);
      oldest.destroy();
    }
    this.#open.add(socket);
    const end = setTimeout(() => socket.destroy(), LONGEST_MS).unref();
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(end);
      this.#open.delete(socket);
    });
    this.#options.onConnection(socket);
  }

  #count(): void {
    this.#taken++;
    this.#second ??= setTimeout(() => this.#nextSecond(), SECOND_MS).unref();
    if (this.#taken === MOST_A_SECOND) this.#stopListening();
  }

  #nextSecond(): void {
    this.#second = undefined;
    this.#taken = 0;
    if (this.#servers.length > 0 || this.#isClosed) return;
    try {
      this.#listen();
    } catch (error) {
      this.#options.onError(error as Error);
    }
  }
}
