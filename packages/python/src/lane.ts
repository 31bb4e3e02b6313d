import type { Transport } from '@gunicorn-ts/http-server';
import type { Logger, WsgiEnviron } from '@gunicorn-ts/interface';
import { ChildGoneError, type StrayFrameError } from './errors.ts';
import { arrived, FrameReader, NO_REQUEST, prefix, strayFrame } from './frame.ts';
import type { OnLoss } from './lane-loss.ts';
import { logLine } from './log-line.ts';
import { nextRequestNumber } from './request-number.ts';

/** Bytes that wait for a slow client before the child is no longer listened to. */
const HIGH_WATER = 256 * 1024;

/** Frames after which nothing more comes of a request. */
const LAST_FRAMES = 'ERX';

/** A frame that arrived. */
export type Frame = readonly [type: string, payload: Buffer];

/** Who has a request on a lane. */
export interface GivesUp {
  /** The client got another answer, or has left: the process is told that nobody wants its own. */
  giveUp(): void;
}

/** A request that the process has not answered whole. */
export interface CurrentRequest {
  readonly number: number;
  readonly owner: GivesUp | undefined;
  readonly environ: WsgiEnviron;
  /** Time of `performance.now()`. */
  readonly since: number;
}

/** A connection to the Python process that carries one request at a time. Lives in the worker. */
export class Lane {
  readonly #wire: Transport;
  readonly #log: Logger;
  readonly #frames: Frame[] = [];
  #request = NO_REQUEST;
  /** Frames of the request may still come. */
  #isExpecting = false;
  #waitingBytes = 0;
  #isPaused = false;
  #wake: (() => void) | undefined;
  #loss: ChildGoneError | undefined;
  #whenWritable: (() => void)[] = [];
  #whenIdle: (() => void)[] = [];
  #current: CurrentRequest | undefined;
  #served = 0;
  #onLoss: OnLoss | undefined;

  constructor(wire: Transport, log: Logger) {
    this.#wire = wire;
    this.#log = log;
    const reader = new FrameReader((type, payload, request) => this.#arrive(type, payload, request));
    wire.owner = {
      onData: (bytes, length) => {
        try {
          reader.push(arrived(bytes, length));
        } catch (error) {
          this.fail(error as StrayFrameError);
        }
      },
      onEnd: () => wire.destroy(),
      onDrain: () => this.#goOn(),
      onClose: () => this.#lose(new ChildGoneError(undefined)),
    };
    wire.start();
  }

  get closed(): boolean {
    return this.#loss !== undefined;
  }

  /** Told when the lane is of no use any more, whether it has a request or not. */
  onLoss(listener: OnLoss): void {
    this.#onLoss = listener;
    if (this.#loss !== undefined) void listener(this.#loss);
  }

  /** The request that it carries. */
  get current(): CurrentRequest | undefined {
    return this.#current;
  }

  /** Requests that it has carried to their end. */
  get served(): number {
    return this.#served;
  }

  /** Resolves when it carries no request, or is of no use any more. */
  async idle(): Promise<void> {
    if (this.#current === undefined || this.closed) return;
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /** A request is about to be sent: only its frames may come. Gives its number. */
  begin(environ: WsgiEnviron, owner?: GivesUp): number {
    this.#request = nextRequestNumber();
    this.#isExpecting = true;
    this.#current = { number: this.#request, owner, environ, since: performance.now() };
    return this.#request;
  }

  /** Sends a short frame, of text in latin-1. */
  send(type: string, text = ''): void {
    this.#wire.bytes(prefix(type, this.#request, text.length));
    this.#wire.text(text);
    this.#wire.flush();
  }

  /** Sends a piece of a body. False when the process reads slower than it comes. */
  sendData(piece: Uint8Array): boolean {
    this.#wire.bytes(prefix('D', this.#request, piece.byteLength));
    this.#wire.bytes(piece);
    this.#wire.flush();
    return this.#wire.pending === 0;
  }

  /** Resolves when the process has read on, or is gone. */
  async writable(): Promise<void> {
    if (this.#wire.pending === 0 || this.closed) return;
    await new Promise<void>((resolve) => this.#whenWritable.push(resolve));
  }

  /**
   * The next frame.
   * @throws {ChildGoneError} when the child is gone, or what it sent is not to be trusted
   */
  next(): Frame | Promise<Frame> {
    const first = this.#take();
    if (first !== undefined) return first;
    return new Promise((resolve, reject) => {
      this.#wake = () => {
        this.#wake = undefined;
        try {
          resolve(this.#take()!);
        } catch (error) {
          reject(error as ChildGoneError);
        }
      };
    });
  }

  /** Nothing that came is given out any more. */
  fail(error: ChildGoneError): void {
    this.#frames.length = 0;
    this.#lose(error);
    this.#wire.destroy();
  }

  close(): void {
    this.#wire.destroy();
  }

  #lose(loss: ChildGoneError): void {
    if (this.#loss !== undefined) return;
    this.#loss = loss;
    this.#end();
    this.#goOn();
    this.#wake?.();
    void this.#onLoss?.(loss);
  }

  #end(): void {
    this.#current = undefined;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #goOn(): void {
    for (const resolve of this.#whenWritable.splice(0)) resolve();
  }

  #take(): Frame | undefined {
    const found = this.#frames.shift();
    if (found === undefined) {
      if (this.#loss !== undefined) throw this.#loss;
      return undefined;
    }
    this.#waitingBytes -= found[1].length;
    if (this.#isPaused && this.#waitingBytes < HIGH_WATER) {
      this.#isPaused = false;
      this.#wire.resume();
    }
    return found;
  }

  #arrive(type: string, payload: Buffer, request: number): void {
    if (type === 'L' && request === NO_REQUEST) return logLine(this.#log, payload);
    // At the moment of arrival: what comes behind the end of a response must not wait here for the next one.
    if (!this.#isExpecting || request !== this.#request || type === 'L')
      throw strayFrame(type.charCodeAt(0), request, this.#isExpecting ? this.#request : undefined);
    if (LAST_FRAMES.includes(type)) {
      this.#isExpecting = false;
      this.#served++;
      this.#end();
    }
    this.#frames.push([type, payload]);
    this.#waitingBytes += payload.length;
    if (this.#waitingBytes >= HIGH_WATER && !this.#isPaused) {
      this.#isPaused = true;
      this.#wire.pause();
    }
    this.#wake?.();
  }
}
