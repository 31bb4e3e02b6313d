import type { Logger, WsgiBody, WsgiEnviron, WsgiHandler, WsgiStartResponse } from '@gunicorn-ts/interface';
import { markNumber, markTold, unmarkTold } from './access-log.ts';
import { ChildGoneError, GivenUpError, PythonError, type StrayFrameError } from './errors.ts';
import { bodyStart, MAX_WHOLE, misplacedFrame, pairs, readFields } from './frame.ts';
import type { GivesUp, Lane } from './lane.ts';
import type { OnLoss } from './lane-loss.ts';
import type { LanePool } from './lane-pool.ts';
import type { RunningRequests } from './running-requests.ts';
import { plainResponse, TOO_LARGE } from './plain-response.ts';
import { announcesBody, isUnspeakable, requestFields } from './request-fields.ts';
import type { WholeInput } from './request-upload.ts';

const PIECE_BYTES = 64 * 1024;

type EarlyHints = (headers: [string, string][]) => void;

/** What a handler needs of the process behind the lanes. */
export interface AsyncService {
  readonly pool: LanePool;
  readonly log: Logger;
  readonly onLoss: OnLoss;
  readonly running: RunningRequests;
}

/** The application, for a worker that serves many requests at a time: each waits for a free lane. */
export function asyncHandler({ pool, log, onLoss, running }: AsyncService): WsgiHandler {
  return async (environ, startResponse) => {
    if (isUnspeakable(environ)) return plainResponse(startResponse, '400 Bad Request');
    const fields = requestFields(environ);
    if (fields.length > MAX_WHOLE) return plainResponse(startResponse, TOO_LARGE);
    const request = running.begin(environ);
    try {
      const taken = pool.take();
      const lane = taken instanceof Promise ? await taken : taken;
      const exchange = new Exchange(lane, pool, log);
      return await exchange.run(environ, fields, startResponse);
    } catch (error) {
      if (!(error instanceof ChildGoneError)) throw error;
      // The worker has been told by whoever gave the process up, and stays no longer than that needs.
      if (error instanceof GivenUpError) return plainResponse(startResponse, '504 Gateway Timeout');
      await onLoss(error);
      return plainResponse(startResponse, '502 Bad Gateway');
    } finally {
      running.end(request);
    }
  };
}

/** One request and its response on a lane. The lane goes back to the pool when both are complete. */
class Exchange implements GivesUp {
  readonly #lane: Lane;
  readonly #pool: LanePool;
  readonly #log: Logger;
  /** The request's body is on its way, and the process reads it. */
  #isSending = false;
  #isOver = false;
  /** The process was told that nobody wants its answer. */
  #isGivenUp = false;

  constructor(lane: Lane, pool: LanePool, log: Logger) {
    this.#lane = lane;
    this.#pool = pool;
    this.#log = log;
  }

  async run(environ: WsgiEnviron, fields: string, startResponse: WsgiStartResponse): Promise<WsgiBody> {
    try {
      this.#sendRequest(environ, fields);
      return await this.#respond(environ, startResponse);
    } catch (error) {
      // A head that cannot be sent: what follows it must not be taken for the next response.
      this.#abandon();
      throw error;
    }
  }

  async #respond(environ: WsgiEnviron, startResponse: WsgiStartResponse): Promise<WsgiBody> {
    for (;;) {
      const [type, payload] = await this.#lane.next();
      switch (type) {
        case 'I':
          (environ['wsgi.early_hints'] as EarlyHints)(pairs(readFields(payload), 0));
          break;
        case 'R': {
          const size = this.#trusted(() => bodyStart(payload));
          this.#finish();
          markTold(environ);
          start(startResponse, payload.subarray(4, size));
          return [payload.subarray(size)];
        }
        case 'H':
          markTold(environ);
          start(startResponse, payload);
          return this.#parts(environ);
        default:
          throw this.#failure(type, payload);
      }
    }
  }

  /** The parts of the body as they come. A consumer that stops early has the process told so. */
  async *#parts(environ: WsgiEnviron): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const [type, payload] = await this.#lane.next();
        if (type === 'E') {
          this.#finish();
          return;
        }
        if (type !== 'D') throw this.#failure(type, payload);
        yield payload;
      }
    } catch (error) {
      if (error instanceof ChildGoneError) unmarkTold(environ);
      throw error;
    } finally {
      this.#abandon();
    }
  }

  /** Who writes what cannot be understood may go on to: the lane is given up. */
  #trusted<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      this.#lane.fail(error as StrayFrameError);
      throw error;
    }
  }

  #failure(type: string, payload: Buffer): Error {
    if (type !== 'X') {
      const stray = misplacedFrame(type);
      this.#lane.fail(stray);
      return stray;
    }
    this.#finish();
    // An application that could not read on has not failed.
    if (this.#isGivenUp && payload.length === 0) return new GivenUpError();
    return new PythonError(payload.toString());
  }

  #sendRequest(environ: WsgiEnviron, fields: string): void {
    const hasBody = announcesBody(environ);
    markNumber(environ, this.#lane.begin(environ, this));
    this.#lane.send(hasBody ? 'B' : 'Q', fields);
    if (!hasBody) return;
    this.#isSending = true;
    void this.#sendBody(environ['wsgi.input']);
  }

  async #sendBody(input: unknown): Promise<void> {
    const lane = this.#lane;
    try {
      for await (const piece of piecesOf(input)) {
        // What nobody reads is still taken from the client, who may be waiting to get rid of it.
        if (!this.#isSending || piece.length === 0) continue;
        if (!lane.sendData(piece)) await lane.writable();
      }
      if (this.#isSending) lane.send('E');
      this.#isSending = false;
    } catch {
      // The client left before its body was complete.
      this.#cutBody();
    }
  }

  giveUp(): void {
    if (this.#isOver || this.#isGivenUp || this.#lane.closed) return;
    this.#isGivenUp = true;
    if (this.#isSending) this.#cutBody();
    else this.#lane.send('A');
  }

  #cutBody(): void {
    if (this.#isSending) this.#lane.send('A');
    this.#isSending = false;
  }

  /** The response is complete. The body may still be on its way: it is cut there. */
  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cutBody();
    this.#pool.giveBack(this.#lane);
  }

  /** Nobody wants the rest: the process is told, and the lane is free when it has ended the response. */
  #abandon(): void {
    if (this.#isOver || this.#lane.closed) return;
    this.giveUp();
    this.#skip().catch((error: unknown) => {
      if (!(error instanceof ChildGoneError)) this.#log.error(String(error));
    });
  }

  async #skip(): Promise<void> {
    for (;;) {
      const [type, payload] = await this.#lane.next();
      if (type === 'X' && payload.length > 0) this.#log.error(payload.toString());
      if (type === 'E' || type === 'R' || type === 'X') return this.#finish();
    }
  }
}

/** The body in parts: as it arrives, or out of one that has arrived. */
async function* piecesOf(input: unknown): AsyncGenerator<Uint8Array> {
  if (Symbol.asyncIterator in (input as object)) {
    yield* input as AsyncIterable<Uint8Array>;
    return;
  }
  const whole = input as WholeInput;
  for (let piece = whole.read(PIECE_BYTES); piece.length > 0; piece = whole.read(PIECE_BYTES)) yield piece;
}

function start(startResponse: WsgiStartResponse, head: Buffer): void {
  const fields = readFields(head);
  startResponse(fields[0]!, pairs(fields, 1));
}
