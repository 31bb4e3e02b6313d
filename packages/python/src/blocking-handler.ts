import type { Logger, WsgiBody, WsgiEnviron, WsgiHandler, WsgiStartResponse } from '@gunicorn-ts/interface';
import { markTold, unmarkTold } from './access-log.ts';
import type { BlockingLane } from './blocking-lane.ts';
import { ChildGoneError, PythonError } from './errors.ts';
import { bodyStart, FRAME, MAX_WHOLE, misplacedFrame, pairs, readFields } from './frame.ts';
import type { OnLoss } from './lane-loss.ts';
import { logLine } from './log-line.ts';
import { plainResponse, TOO_LARGE } from './plain-response.ts';
import { announcesBody, isUnspeakable, requestFields } from './request-fields.ts';
import type { WholeInput } from './request-upload.ts';

/** A body up to this size is copied by the worker class when it is sent, so that the lane may go on. */
const COPIED_BYTES = 32 * 1024;

/** What a handler needs of the process behind the lane. */
export interface BlockingService {
  readonly lane: BlockingLane;
  readonly log: Logger;
  readonly onLoss: OnLoss;
}

type EarlyHints = (headers: [string, string][]) => void;

/** The application, for a worker that serves one request at a time: this thread waits for the response. */
export function blockingHandler(service: BlockingService): WsgiHandler {
  const { lane, onLoss } = service;
  return (environ, startResponse) => {
    if (isUnspeakable(environ)) return plainResponse(startResponse, '400 Bad Request');
    try {
      return respond(service, environ, startResponse);
    } catch (error) {
      if (!(error instanceof ChildGoneError)) {
        // A head that cannot be sent: what follows it must not be taken for the next response.
        if (lane.busy) new BlockingBody(service, environ).close();
        throw error;
      }
      // Until the end of the process is known, the worker would take further requests and fail them.
      return onLoss(error).then(() => plainResponse(startResponse, '502 Bad Gateway'));
    }
  };
}

function respond(service: BlockingService, environ: WsgiEnviron, startResponse: WsgiStartResponse): WsgiBody {
  const { lane, log } = service;
  const fields = requestFields(environ);
  if (fields.length > MAX_WHOLE) return plainResponse(startResponse, TOO_LARGE);
  lane.begin();
  sendRequest(lane, environ, fields);
  for (;;) {
    const type = lane.next();
    switch (type) {
      case FRAME.whole: {
        const payload = lane.takeAll();
        const size = bodyStart(payload);
        finish(lane);
        markTold(environ);
        start(startResponse, payload.toString('latin1', 4, size));
        const body = payload.subarray(size);
        return [payload.length > COPIED_BYTES ? Buffer.from(body) : body];
      }
      case FRAME.head:
        markTold(environ);
        start(startResponse, lane.takeAll().toString('latin1'));
        return new BlockingBody(service, environ);
      case FRAME.hints:
        (environ['wsgi.early_hints'] as EarlyHints)(pairs(readFields(lane.takeAll()), 0));
        break;
      default:
        receiveOther(lane, log, type);
    }
  }
}

function sendRequest(lane: BlockingLane, environ: WsgiEnviron, fields: string): void {
  if (!announcesBody(environ)) {
    lane.send(FRAME.request, fields);
    return;
  }
  lane.send(FRAME.requestWithBody, fields);
  lane.sendBody(environ['wsgi.input'] as WholeInput);
}

/** Lets lines be logged that the process writes while it has no request. */
export function logIdleLines({ lane, log, onLoss }: BlockingService): void {
  try {
    while (!lane.busy && lane.hasArrived) receiveOther(lane, log, lane.next());
  } catch (error) {
    if (!(error instanceof ChildGoneError)) throw error;
    void onLoss(error);
  }
}

/** The response is there: the rest of the body is for nobody, but the process must know where it ends. */
function finish(lane: BlockingLane): void {
  lane.end();
  const { upload } = lane;
  if (upload === undefined) return;
  upload.cut();
  lane.finishUpload();
}

function start(startResponse: WsgiStartResponse, head: string): void {
  const fields = head.split('\0');
  startResponse(fields[0]!, pairs(fields, 1));
}

function receiveOther(lane: BlockingLane, log: Logger, type: number): void {
  const payload = lane.takeAll();
  if (type === FRAME.log) logLine(log, payload);
  else if (type === FRAME.failed) {
    finish(lane);
    throw new PythonError(payload.toString());
  } else throw misplacedFrame(String.fromCharCode(type));
}

/** The parts of a response as the process sends them. Whoever stops early must `close` it. */
class BlockingBody implements Iterable<Uint8Array> {
  readonly #service: BlockingService;
  readonly #environ: WsgiEnviron;
  #ended = false;

  constructor(service: BlockingService, environ: WsgiEnviron) {
    this.#service = service;
    this.#environ = environ;
  }

  *[Symbol.iterator](): Generator<Uint8Array, undefined> {
    const { lane, onLoss } = this.#service;
    try {
      while (!this.#ended) {
        const type = lane.next();
        if (type === FRAME.data) while (lane.length > 0) yield lane.takeSome();
        else this.#receive(type);
      }
    } catch (error) {
      if (error instanceof ChildGoneError) {
        unmarkTold(this.#environ);
        void onLoss(error);
      }
      throw error;
    }
  }

  /** Tells the process that nobody wants the rest, and waits for it to stop. */
  close(): void {
    if (this.#ended) return;
    const { lane, log, onLoss } = this.#service;
    try {
      if (lane.upload === undefined) lane.send(FRAME.abort, '');
      else lane.upload.cut();
      while (lane.length > 0) lane.takeSome();
      while (!this.#ended) {
        const type = lane.next();
        if (type === FRAME.data) while (lane.length > 0) lane.takeSome();
        else this.#receive(type);
      }
    } catch (error) {
      if (error instanceof ChildGoneError) void onLoss(error);
      else if (!(error instanceof PythonError)) throw error;
      else if (error.message !== '') log.error(String(error.stack));
    }
  }

  #receive(type: number): void {
    if (type === FRAME.end || type === FRAME.failed) this.#ended = true;
    const { lane, log } = this.#service;
    if (type === FRAME.end) finish(lane);
    else receiveOther(lane, log, type);
  }
}
