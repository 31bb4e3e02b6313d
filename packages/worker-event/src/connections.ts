import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

export interface ConnectionLimit {
  /** Connections at which `onFull` is called. */
  readonly limit: number;
  onFull(): void;
  /** Called when there is room again after `onFull`. */
  onRoom(): void;
}

/** The open connections of this worker, those included that still shake hands or were upgraded. */
export class Connections {
  readonly #accepted = new Set<Socket>();
  /** The TLS side of accepted sockets whose handshake is done. */
  readonly #secured = new Set<TLSSocket>();
  readonly #limit: ConnectionLimit;
  #full = false;
  #lifted = false;
  #taken = 0;
  #onEmpty: (() => void) | undefined;

  constructor(limit: ConnectionLimit) {
    this.#limit = limit;
  }

  /** Connections that were ever taken. */
  get taken(): number {
    return this.#taken;
  }

  get size(): number {
    return this.#accepted.size;
  }

  /** Every socket; a TLS connection shows up twice, encrypted and decrypted. */
  *sockets(): Generator<Socket> {
    yield* this.#accepted;
    yield* this.#secured;
  }

  add(socket: Socket): void {
    this.#taken++;
    this.#accepted.add(socket);
    socket.once('close', () => this.#remove(socket));
    if (!this.#full && !this.#lifted && this.#accepted.size >= this.#limit.limit) {
      this.#full = true;
      this.#limit.onFull();
    }
  }

  /** From now on there is room for any number. */
  lift(): void {
    this.#lifted = true;
    this.#makeRoom();
  }

  addSecured(socket: TLSSocket): void {
    this.#secured.add(socket);
    socket.once('close', () => this.#secured.delete(socket));
  }

  /** Resolves when the last connection is closed. */
  empty(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#accepted.size === 0) resolve();
      else this.#onEmpty = resolve;
    });
  }

  #remove(socket: Socket): void {
    this.#accepted.delete(socket);
    if (this.#accepted.size < this.#limit.limit) this.#makeRoom();
    if (this.#accepted.size === 0) this.#onEmpty?.();
  }

  #makeRoom(): void {
    if (!this.#full) return;
    this.#full = false;
    this.#limit.onRoom();
  }
}
