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

/** What Node's own code, and `stream.finished`, look for in any stream. Nothing of it is kept twice. */
abstract class Face {
  protected readonly socket: FacedSocket;

  constructor(socket: FacedSocket) {
    this.socket = socket;
  }

  get autoDestroy(): boolean {
    return true;
  }

  get emitClose(): boolean {
    return true;
  }

  get objectMode(): boolean {
    return false;
  }

  get destroyed(): boolean {
    return this.socket.destroyed;
  }

  get closed(): boolean {
    return this.socket.closed;
  }

  get closeEmitted(): boolean {
    return this.socket.closed;
  }

  get errored(): Error | null {
    return this.socket.errored;
  }

  get errorEmitted(): boolean {
    return this.socket.errored !== null && this.socket.closed;
  }
}

/** Of one that can be written. */
export class WritableFace extends Face {
  /** `ServerResponse` sets it. */
  corked = 0;

  get pendingcb(): number {
    return 0;
  }

  get length(): number {
    return this.socket.writableLength;
  }

  get needDrain(): boolean {
    return this.socket.writableNeedDrain;
  }

  get highWaterMark(): number {
    return this.socket.writableHighWaterMark;
  }

  get ending(): boolean {
    return this.socket.writableEnded;
  }

  get ended(): boolean {
    return this.socket.writableEnded;
  }

  get finished(): boolean {
    return this.socket.writableFinished;
  }
}

/** Of one that can be read. What it reads is HTTP's, and nobody else sees it. */
export class ReadableFace extends Face {
  get length(): number {
    return 0;
  }

  get readable(): boolean {
    return this.socket.readable;
  }

  get ended(): boolean {
    return this.socket.readableEnded;
  }

  get endEmitted(): boolean {
    return this.socket.readableEnded;
  }
}
