import { type ArrivedRequest, type Gate, isolate } from '@gunicorn-ts/http-server';
import type { HungAnswer } from './hung-answer.ts';

/**
 * Lets one request at a time to the application. Those that arrive while it is not asked for one, or in the meantime,
 * wait, in the order in which they have become complete.
 */
export class Turns implements Gate {
  readonly #hung: HungAnswer;
  readonly #onWaiting: () => void;
  readonly #waiting: ArrivedRequest[] = [];
  #current: ArrivedRequest | undefined;
  /** Whether who arrives now is served at once. */
  #isOffered = false;
  #pending: Promise<void> | undefined;

  /** @param onWaiting is called when a request waits that came by itself */
  constructor(hung: HungAnswer, onWaiting: () => void) {
    this.#hung = hung;
    this.#onWaiting = onWaiting;
  }

  /** The request that is with the application. */
  get current(): ArrivedRequest | undefined {
    return this.#current;
  }

  /** The same, when its client has got an answer already: the application hangs in it. */
  get answeredElsewhere(): ArrivedRequest | undefined {
    return this.#hung.isAnswered ? this.#current : undefined;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  arrived(request: ArrivedRequest): void {
    if (this.#isOffered) this.#serve(request);
    else {
      this.#waiting.push(request);
      this.#onWaiting();
    }
  }

  takeBack(request: ArrivedRequest): boolean {
    return request !== this.#current || this.#hung.takeBack();
  }

  /**
   * Serves the request that waits, or the one that comes of something.
   * @param bring may bring a request; only asked when none waits
   * @returns whether one was served. A promise when the application makes it wait
   */
  next(bring: () => void): boolean | Promise<void> {
    this.#isOffered = true;
    this.#pending = undefined;
    try {
      const request = this.#takeWaiting();
      if (request === undefined) bring();
      else this.#serve(request);
      return this.#pending ?? !this.#isOffered;
    } finally {
      this.#isOffered = false;
    }
  }

  /** The application is not waited for any more. */
  release(request: ArrivedRequest): void {
    if (this.#current === request) this.#current = undefined;
  }

  #takeWaiting(): ArrivedRequest | undefined {
    for (let request = this.#waiting.shift(); request !== undefined; request = this.#waiting.shift()) {
      if (!request.isOver) return request;
    }
    return undefined;
  }

  #serve(request: ArrivedRequest): void {
    this.#isOffered = false;
    this.#current = request;
    isolate(this.#run, request);
  }

  /** Within a context that is the request's own. */
  readonly #run = (request: ArrivedRequest): void => {
    const { fd } = request.connection.transport;
    // What goes through TLS only this thread can answer.
    if (fd !== undefined) this.#hung.offer(fd, request.head, request.remoteAddress);
    const pending = request.run();
    if (pending === undefined) this.release(request);
    else this.#pending = pending.then(() => this.release(request));
  };
}
