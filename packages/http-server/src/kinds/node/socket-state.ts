/** A socket, as its states see it. */
export interface FacedSocket {
  readonly readable: boolean;
  readonly readableEnded: boolean;
  readonly writableLength: number;
  readonly writableNeedDrain: boolean;
  readonly writableHighWaterMark: number;
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  readonly destroyed: boolean;
  readonly closed: boolean;
  readonly errored: Error | null;
}

/** What Node's own code, and `stream.finished`, look for in a stream that can be written. */
export class WritableFace {
  /** `ServerResponse` sets it. */
  corked = 0;
  readonly autoDestroy = true;
  readonly emitClose = true;
  readonly objectMode = false;
  readonly pendingcb = 0;
  readonly #socket: FacedSocket;

  constructor(socket: FacedSocket) {
    this.#socket = socket;
  }

  get length(): number {
    return this.#socket.writableLength;
  }

  get needDrain(): boolean {
    return this.#socket.writableNeedDrain;
  }

  get highWaterMark(): number {
    return this.#socket.writableHighWaterMark;
  }

  get ending(): boolean {
    return this.#socket.writableEnded;
  }

  get ended(): boolean {
    return this.#socket.writableEnded;
  }

  get finished(): boolean {
    return this.#socket.writableFinished;
  }

  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  get closed(): boolean {
    return this.#socket.closed;
  }

  get closeEmitted(): boolean {
    return this.#socket.closed;
  }

  get errored(): Error | null {
    return this.#socket.errored;
  }

  get errorEmitted(): boolean {
    return this.#socket.errored !== null && this.#socket.closed;
  }
}

/** The same for one that can be read. What it reads is HTTP's, and nobody else sees it. */
export class ReadableFace {
  readonly autoDestroy = true;
  readonly emitClose = true;
  readonly objectMode = false;
  readonly length = 0;
  readonly #socket: FacedSocket;

  constructor(socket: FacedSocket) {
    this.#socket = socket;
  }

  get readable(): boolean {
    return this.#socket.readable;
  }

  get ended(): boolean {
    return this.#socket.readableEnded;
  }

  get endEmitted(): boolean {
    return this.#socket.readableEnded;
  }

  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  get closed(): boolean {
    return this.#socket.closed;
  }

  get closeEmitted(): boolean {
    return this.#socket.closed;
  }

  get errored(): Error | null {
    return this.#socket.errored;
  }

  get errorEmitted(): boolean {
    return this.#socket.errored !== null && this.#socket.closed;
  }
}
