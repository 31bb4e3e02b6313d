import type { Socket } from 'node:net';
import type { Logger } from '@gunicorn-ts/interface';
import { frame, FrameReader, PREFIX_BYTES, writePrefix } from './frame.ts';
import { logLine } from './log-line.ts';

/** Bytes that wait for a slow client before the child is no longer listened to. */
const HIGH_WATER = 256 * 1024;

/** A frame that arrived. */
export type Frame = readonly [type: string, payload: Buffer];

/** A connection to the Python process that carries one request at a time. Lives in the worker. */
export class Lane {
  readonly #socket: Socket;
  readonly #frames: Frame[] = [];
  #waitingBytes = 0;
  #wake: (() => void) | undefined;
  #closed = false;
  #whenWritable: (() => void)[] = [];

  constructor(socket: Socket, log: Logger) {
    this.#socket = socket;
    const reader = new FrameReader((type, payload) => {
      if (type === 'L') logLine(log, payload);
      else this.#arrive([type, payload]);
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.on('error', () => {});
    socket.on('drain', () => this.#goOn());
    socket.on('close', () => {
      this.#closed = true;
      this.#goOn();
      this.#wake?.();
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  send(type: string, payload?: Uint8Array | string): boolean {
    return this.#socket.write(frame(type, payload));
  }

  /** Sends a piece of a body. False when the process reads slower than it comes. */
  sendData(piece: Uint8Array): boolean {
    const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
    writePrefix(prefix, 'D', piece.byteLength);
    // Both in one call, without a copy of the piece.
    this.#socket.cork();
    this.#socket.write(prefix);
    const goesOn = this.#socket.write(piece);
    this.#socket.uncork();
    return goesOn;
  }

  /** Resolves when the process has read on, or is gone. */
  async writable(): Promise<void> {
    if (!this.#socket.writableNeedDrain || this.#closed) return;
    await new Promise<void>((resolve) => this.#whenWritable.push(resolve));
  }

  /** The next frame; `undefined` when the child is gone. */
  next(): Frame | undefined | Promise<Frame | undefined> {
    const first = this.#take();
    if (first !== undefined || this.#closed) return first;
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve(this.#take());
      };
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #goOn(): void {
    for (const resolve of this.#whenWritable.splice(0)) resolve();
  }

  #take(): Frame | undefined {
    const found = this.#frames.shift();
    if (found === undefined) return undefined;
    this.#waitingBytes -= found[1].length;
    if (this.#waitingBytes < HIGH_WATER && this.#socket.isPaused()) this.#socket.resume();
    return found;
  }

  #arrive(arrived: Frame): void {
    this.#frames.push(arrived);
    this.#waitingBytes += arrived[1].length;
    if (this.#waitingBytes >= HIGH_WATER) this.#socket.pause();
    this.#wake?.();
  }
}
