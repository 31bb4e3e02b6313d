import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import {
  type ArrivedRequest,
  clock,
  type DescriptorLoop,
  drainConnections,
  FrontedSockets,
} from '@gunicorn-ts/http-server';
import type { WorkerContext } from '@gunicorn-ts/interface';
import type { ReadySet } from '@gunicorn-ts/posix';
import type { Acceptor } from './acceptor.ts';
import { HungRequestError } from './errors.ts';
import type { Reception } from './reception.ts';
import type { SecuredReception } from './secured-reception.ts';
import type { Turns } from './turns.ts';

/** Requests that are served in a row before timers and signals get their turn, and for how long, in milliseconds. */
const MOST_IN_A_TURN = 64;
const LONGEST_TURN_MS = 5;
/** How long this thread waits for a connection itself before another one does, which costs more, in milliseconds. */
const BRIEF_MS = 1;
/** How often a worker that drains looks whether it is done, in milliseconds. */
const LOOK_EVERY_MS = 100;

export interface ServingLoopOptions {
  readonly context: WorkerContext;
  readonly acceptor: Acceptor;
  /** Speaks TLS in front of the engine. */
  readonly front: SecuredReception | undefined;
  readonly reception: Reception;
  readonly turns: Turns;
  /** Watches the listeners, and `descriptors`. */
  readonly ready: ReadySet;
  /** Watches the connections whose request is not complete, or whose response is still on its way. */
  readonly descriptors: DescriptorLoop;
}

/**
 * The sync worker's life: take a connection, serve it, take the next. While there is work the event loop does
 * not turn, except now and then for timers and signals; while there is none it turns all the time.
 */
export class ServingLoop {
  readonly #options: ServingLoopOptions;
  readonly #over = Promise.withResolvers<void>();
  /** Nothing more is served. */
  readonly #cut = Promise.withResolvers<void>();
  /** The accept queue was emptied, and nothing more is taken from it. */
  readonly #emptied = Promise.withResolvers<void>();
  #isDraining = false;
  #isOver = false;
  /** Requests that may still be served in this turn, and when it ends. */
  #left = 0;
  #turnEnd = 0;

  constructor(options: ServingLoopOptions) {
    this.#options = options;
  }

  start(): void {
    const { ready } = this.#options;
    process.on('exit', () => ready.wake());
    // Not before the worker is said to be ready: what the first request does is not done while it boots.
    nextTurn()
      .then(() => this.#run())
      .then(this.#over.resolve, this.#over.reject);
    // The failure reaches whoever drains; until somebody does, it must end the process.
    this.#over.promise.catch((error: unknown) => {
      setImmediate(() => {
        throw error;
      });
    });
  }

  /**
   * Takes what the kernel has completed, finishes what is held, and ends.
   * @param queueLength connections that may wait in the kernel
   */
  drain(deadlineMs: number, queueLength: number): Promise<void> {
    const { ready } = this.#options;
    // That the queue is empty may come unnoticed: nothing is taken while descriptors are short.
    const looking = setInterval(() => ready.wake(), LOOK_EVERY_MS);
    return this.#drain(deadlineMs, queueLength).finally(() => clearInterval(looking));
  }

  async #drain(deadlineMs: number, queueLength: number): Promise<void> {
    const { acceptor, front, ready, reception } = this.#options;
    const deadline = sleep(deadlineMs, undefined, { ref: false });
    this.#isDraining = true;
    reception.engine.beginClosing();
    acceptor.limit(queueLength);
    ready.wake();
    await Promise.race([this.#emptied.promise, this.#over.promise, deadline]);
    acceptor.stop();
    // A request that waits at the deadline is not begun any more.
    void deadline.then(() => this.#end());
    const fronted = front?.fronted ?? new FrontedSockets();
    await drainConnections({ engine: reception.engine, fronted }, deadline);
    this.#end();
    return this.#over.promise;
  }

  #end(): void {
    this.#isOver = true;
    this.#cut.resolve();
    this.#options.ready.wake();
  }

  async #run(): Promise<void> {
    this.#beginTurn();
    while (!this.#isOver) {
      const turn = this.#turn();
      if (turn === 'busy') await nextTurn();
      else if (turn === 'idle') await this.#options.ready.wait();
      else if (await this.#whileServing(turn)) {
        clock.look();
        continue;
      }
      this.#beginTurn();
    }
    this.#options.acceptor.stop();
  }

  #beginTurn(): void {
    const { context, descriptors } = this.#options;
    context.notify();
    descriptors.look();
    this.#left = MOST_IN_A_TURN;
    this.#turnEnd = clock.now + LONGEST_TURN_MS;
  }

  /** Serves what there is. The promise is one that the application made wait. */
  #turn(): 'busy' | 'idle' | Promise<void> {
    const { reception, turns, acceptor, front, ready, descriptors } = this.#options;
    while (this.#left > 0 && clock.now < this.#turnEnd && !this.#isOver) {
      const served = reception.next();
      if (typeof served === 'object') return served;
      this.#left--;
      if (served) {
        clock.look();
        continue;
      }
      if (this.#isDraining && acceptor.isDry) {
        acceptor.stop();
        this.#emptied.resolve();
      }
      // What a client sends through TLS is decrypted when the event loop turns.
      const isLoopNeeded =
        front !== undefined && (front.fronted.size > 0 || reception.engine.connections.size > 0);
      if (ready.poll(isLoopNeeded ? 0 : BRIEF_MS).length === 0) return 'idle';
      if (isLoopNeeded) return 'busy';
      descriptors.look();
      if (turns.hasWaiting) continue;
    }
    return 'busy';
  }

  /** Waits for the application. True when it only had to be waited for in this turn of the event loop. */
  async #whileServing(pending: Promise<void>): Promise<boolean> {
    const { current } = this.#options.turns;
    if (current === undefined) return true;
    let isDone = false;
    const done = pending.then(() => {
      isDone = true;
    });
    await sameTurn();
    if (isDone) return true;
    await Promise.race([done, nextTurn()]);
    if (isDone) return false;
    const limit = Promise.withResolvers<void>();
    const limitMs = this.#limitMs;
    const timer = limitMs < Infinity ? setTimeout(limit.resolve, limitMs) : undefined;
    await Promise.race([done, limit.promise, this.#cut.promise]);
    clearTimeout(timer);
    if (isDone || this.#isOver) return false;
    this.#giveUp(current);
    // What was waiting for its client ends now, and what it holds must be free before the next request.
    await Promise.race([done, nextTurn()]);
    return false;
  }

  /** How long an application may be waited for, in milliseconds. */
  get #limitMs(): number {
    const { requestTimeout, timeout } = this.#options.context.settings;
    return Math.min(requestTimeout || Infinity, timeout || Infinity) * 1000;
  }

  /**
   * As in Gunicorn a request that does not end within `timeout` ends the worker: what it holds is stuck with it. A
   * client that does not go on holds nothing, and must not be able to end a worker.
   */
  #giveUp(request: ArrivedRequest): void {
    const { acceptor, turns, context } = this.#options;
    const { waitedFor, isOver } = request;
    request.onTimeout();
    turns.release(request);
    const { timeout } = context.settings;
    if (isOver || waitedFor !== 'application' || timeout === 0 || this.#limitMs < timeout * 1000) return;
    acceptor.limit(0);
    setImmediate(() => {
      throw new HungRequestError(request.head.method, request.head.target, timeout);
    });
  }
}

/** Resolves when everything that was resolved already has had its consequences, before anything else happens. */
function sameTurn(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
