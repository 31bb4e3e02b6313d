import type { Socket } from 'node:net';
import { type Answer, failed } from '../protocol/answer.ts';
import { encodeFrame, FrameReader } from '../protocol/frame.ts';
import { BadRequest, parseRequest, type Request } from '../protocol/request.ts';

/** Far more than any command needs. */
const MOST_FRAME_BYTES = 64 * 1024;
/** For a message that has begun to arrive, and for an answer that is not read. */
const PATIENCE_MS = 5000;
/** Without a request; as in Gunicorn. */
const IDLE_MS = 300_000;
/** A second. Whoever asks more often waits. */
const MOST_REQUESTS = 100;
/** Answers that nobody reads. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;

/** Of what may as well be left out. */
const MOST_OFFERED_BYTES = 1024 * 1024;

/** Answers a request, by one call of `answer` or several. */
export type Handle = (request: Request, connection: Connection) => void;

/** One client, with bounds on what it can cost the arbiter. */
export class Connection {
  readonly #socket: Socket;
  readonly #handle: Handle;
  readonly #frames: FrameReader = new FrameReader(MOST_FRAME_BYTES);
  readonly #closers: Set<() => void> = new Set();
  #inside: NodeJS.Timeout | undefined;
  #unread: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #pause: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #lastStep = performance.now();
  #second = 0;
  #asked = 0;

  /** Reads requests from now on. */
  static serve(socket: Socket, handle: Handle): Connection {
    return new Connection(socket, handle);
  }

  private constructor(socket: Socket, handle: Handle) {
    this.#socket = socket;
    this.#handle = handle;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#closed());
    socket.on('drain', () => this.#wasRead());
    socket.on('data', (chunk: Buffer) => {
      this.#frames.push(chunk);
      this.#next();
    });
    this.#awaitRequest();
  }

  /** Sends an answer. One that stays unread for too long ends the connection. */
  answer(answer: Answer): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    if (socket.write(encodeFrame(answer))) return;
    if (socket.writableLength > MOST_UNREAD_BYTES) socket.destroy();
    else this.#unread ??= setTimeout(() => socket.destroy(), PATIENCE_MS).unref();
  }

  /**
   * Sends an answer that may as well be left out: what the client has not read yet is not added to.
   * @returns whether it was sent
   */
  offer(answer: Answer): boolean {
    const socket = this.#socket;
    if (socket.destroyed || socket.writableLength > MOST_OFFERED_BYTES) return false;
    socket.write(encodeFrame(answer));
    return true;
  }

  /** Called when the client has gone. */
  onClose(close: () => void): void {
    this.#closers.add(close);
    this.#awaitRequest();
  }

  /** What was to be done then has been done. */
  settled(close: () => void): void {
    this.#closers.delete(close);
    this.#awaitRequest();
  }

  end(): void {
    this.#socket.end();
  }

  /** How long nothing has moved, in milliseconds; 0 while an answer is being made for the client. */
  get quietMs(): number {
    return this.#closers.size > 0 && this.#unread === undefined ? 0 : performance.now() - this.#lastStep;
  }

  /** Ends it in favour of another one. */
  yield(): void {
    this.answer(failed(0, 'closed after a silence: others wait to be served'));
    this.#socket.destroySoon();
  }

  /** One request in each turn of the loop, so that signs of life and signals are not kept waiting. */
  #next(): void {
    if (this.#pause !== undefined || this.#socket.destroyed) return;
    const text = this.#frames.next();
    if (text === undefined) return this.#awaitRest();
    clearTimeout(this.#inside);
    this.#inside = undefined;
    this.#lastStep = performance.now();
    this.#awaitRequest();
    this.#serve(text);
    this.#socket.pause();
    const go = (): void => {
      this.#pause = undefined;
      this.#socket.resume();
      this.#next();
    };
    const wait = this.#untilAllowed();
    this.#pause = wait === 0 ? setImmediate(go) : setTimeout(go, wait).unref();
  }

  #serve(text: string): void {
    try {
      this.#handle(parseRequest(text), this);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      this.answer(failed(error.id, error.message));
    }
  }

  #awaitRest(): void {
    if (this.#frames.isTooLong) {
      this.answer(failed(0, `a request has at most ${MOST_FRAME_BYTES} bytes`));
      this.#socket.pause();
      this.#socket.destroySoon();
    } else if (this.#frames.isInside) {
      this.#inside ??= setTimeout(() => this.#socket.destroy(), PATIENCE_MS).unref();
    }
  }

  #untilAllowed(): number {
    const now = performance.now();
    if (now - this.#second >= 1000) {
      this.#second = now;
      this.#asked = 0;
    }
    this.#asked += 1;
    return this.#asked < MOST_REQUESTS ? 0 : Math.max(1, this.#second + 1000 - now);
  }

  #awaitRequest(): void {
    clearTimeout(this.#idle);
    this.#idle = undefined;
    if (this.#closers.size > 0 || this.#socket.destroyed) return;
    this.#idle = setTimeout(() => this.#socket.destroy(), IDLE_MS).unref();
  }

  #wasRead(): void {
    this.#lastStep = performance.now();
    clearTimeout(this.#unread);
    this.#unread = undefined;
  }

  #closed(): void {
    clearTimeout(this.#inside);
    clearTimeout(this.#unread);
    clearTimeout(this.#idle);
    clearTimeout(this.#pause as NodeJS.Timeout | undefined);
    clearImmediate(this.#pause as NodeJS.Immediate | undefined);
    for (const close of this.#closers) close();
    this.#closers.clear();
  }
}
