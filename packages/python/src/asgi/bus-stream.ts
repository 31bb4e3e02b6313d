import type { AsgiBody, AsgiCall, AsgiHead, AsgiRequest, AsgiResponse } from '@gunicorn-ts/interface';
import { PythonError } from '../errors.ts';
import { bodyStart, misplacedFrame, pairs, readFields } from '../frame.ts';
import type { FrameWriter } from './frame-writer.ts';

/** Bytes of a stream that may be on their way in one direction. */
export const WINDOW_BYTES: number = 64 * 1024;
/** The process hears of room in pieces that are worth a frame. */
const HALF_WINDOW = WINDOW_BYTES / 2;

/** Shorter pieces of a response are copied rather than kept with what arrived beside them. */
const WORTH_KEEPING = 16 * 1024;

/** What a stream needs of its bus. */
export interface StreamHost {
  readonly writer: FrameWriter;
  ended(stream: number): void;
  /** Whether its process is about to be replaced. */
  readonly isRetired: boolean;
  /** Resolves when the process has read on. */
  writable(): Promise<void> | undefined;
}

/** A request on the bus. */
export class BusStream implements AsgiCall {
  readonly id: number;
  readonly startedAt: number = performance.now();
  /** For the log. */
  readonly name: string;
  readonly response: AsgiResponse;
  protected readonly host: StreamHost;
  readonly #body: AsgiBody | undefined;
  protected isOver = false;
  #isSending = false;
  /** Bytes of the request's body that may be sent. */
  #credit = WINDOW_BYTES;
  #hasCredit: PromiseWithResolvers<void> | undefined;
  /** Bytes of the response that the client has taken, and that the process has not heard of. */
  #taken = 0;
  #untaken = 0;

  constructor(host: StreamHost, id: number, { head, stream }: AsgiRequest, response: AsgiResponse) {
    this.host = host;
    this.id = id;
    this.name = `${head.method} ${head.target}`;
    this.response = response;
    this.#body = stream;
  }

  /** Sends the body of the request, as fast as the process takes it. */
  async sendBody(): Promise<void> {
    if (this.#body === undefined || this.#isSending) return;
    this.#isSending = true;
    const { writer } = this.host;
    try {
      for (let piece = await this.#body.next(); piece !== undefined; piece = await this.#body.next()) {
        await this.#sendPiece(piece);
        if (this.isOver) return;
      }
      if (!this.isOver) writer.empty('E', this.id);
    } catch {
      // The client has left, of which the stream is told by itself.
    }
  }

  /** @throws {StrayFrameError} for what has no place in a response */
  take(type: string, payload: Buffer): void {
    switch (type) {
      case 'R': {
        const start = bodyStart(payload);
        const head = headOf(payload.subarray(4, start));
        this.end();
        this.response.respond(head, payload.subarray(start));
        break;
      }
      case 'H':
        this.response.begin(headOf(payload));
        break;
      case 'D':
        this.#write(payload);
        break;
      case 'E':
        this.end();
        this.response.end(payload.length === 0 ? undefined : pairs(readFields(payload), 0));
        break;
      case 'F':
        void this.#sendFile(payload);
        break;
      case 'X':
        this.end();
        this.response.fail(new PythonError(payload.toString()));
        break;
      case 'G':
        this.addCredit(payload.readUInt32BE(0));
        break;
      case 'I':
        this.response.hint(pairs(readFields(payload), 0));
        break;
      case 'C':
        void this.sendBody();
        break;
      default:
        throw misplacedFrame(type);
    }
  }

  drained(): void {
    this.giveBack(this.#untaken);
    this.#untaken = 0;
  }

  abandon(): void {
    if (this.isOver) return;
    this.end();
    this.host.writer.empty('A', this.id);
  }

  /** The process is replaced: what would never end by itself is ended. */
  dismiss(): void {}

  /** There is no process any more, or it hangs. */
  lose(error: Error, status: 502 | 504 = 502): void {
    this.end();
    this.response.lose(error, status);
  }

  /** The process waits to hear whether the file is open: it may be gone as soon as the application goes on. */
  async #sendFile(payload: Buffer): Promise<void> {
    const start = bodyStart(payload);
    const head = start === 4 ? undefined : headOf(payload.subarray(4, start));
    let failure = '';
    try {
      await this.response.sendFile(head, Buffer.from(payload.subarray(start)));
    } catch (error) {
      failure = (error as Error).message;
    }
    if (this.isOver) return;
    this.host.writer.bytes('F', this.id, Buffer.from(failure));
    if (failure === '') this.end();
  }

  async #sendPiece(piece: Uint8Array): Promise<void> {
    for (let rest = piece; rest.length > 0 && !this.isOver;) {
      if (this.#credit === 0) {
        this.#hasCredit = Promise.withResolvers();
        await this.#hasCredit.promise;
        continue;
      }
      const part = rest.subarray(0, this.#credit);
      this.#credit -= part.length;
      this.host.writer.bytes('D', this.id, part);
      rest = rest.subarray(part.length);
      await this.host.writable();
    }
  }

  #write(piece: Buffer): void {
    this.#untaken += piece.length;
    // A slice keeps the whole of what was read with it, for as long as a slow client takes.
    if (this.response.write(piece.length < WORTH_KEEPING ? Buffer.from(piece) : piece)) this.drained();
  }

  protected giveBack(count: number): void {
    this.#taken += count;
    if (this.#taken < HALF_WINDOW || this.isOver) return;
    this.host.writer.count('G', this.id, this.#taken);
    this.#taken = 0;
  }

  protected addCredit(count: number): void {
    this.#credit += count;
    this.#hasCredit?.resolve();
    this.#hasCredit = undefined;
  }

  protected end(): void {
    this.isOver = true;
    this.#hasCredit?.resolve();
    this.host.ended(this.id);
  }
}

/** Applications say the same head again and again; what was read of it is kept, for so many. */
const MOST_KNOWN = 256;
const LONGEST_KNOWN = 1024;
const known = new Map<string, AsgiHead>();

function headOf(payload: Buffer): AsgiHead {
  const text = payload.toString('latin1');
  const found = known.get(text);
  if (found !== undefined) return found;
  const fields = text.split('\0');
  const head = { status: Number(fields[0]), headers: pairs(fields, 1) };
  if (text.length > LONGEST_KNOWN) return head;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, head);
  return head;
}
