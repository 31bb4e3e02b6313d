import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WorkerContext } from '@gunicorn-ts/interface';
import type { ReadySet } from '@gunicorn-ts/posix';
import type { Acceptor } from './acceptor.ts';
import type { Clock } from './clock.ts';
import { HungRequestError } from './errors.ts';
import type { ParkingLot } from './parking-lot.ts';
import type { Reception } from './reception.ts';
import { logTimeout, type Service } from './service.ts';
import type { TlsFront } from './tls-front.ts';
import type { Watch } from './watch.ts';

/** Requests that are served in a row before timers and signals get their turn, and for how long, in milliseconds. */
const MOST_IN_A_TURN = 64;
const LONGEST_TURN_MS = 5;
/** How long this thread waits for a connection itself before another one does, which costs more, in milliseconds. */
const BRIEF_MS = 1;
/** How long clients that have not begun their request get when the worker drains, in milliseconds. */
const SILENCE_MS = 1000;
/** How often a worker that drains looks whether it is done, in milliseconds. */
const LOOK_EVERY_MS = 100;
/** How long after the deadline the worker's host has for saying what is lost, before it is, in milliseconds. */
const LAST_WORDS_MS = 100;

export interface ServingLoopOptions {
  readonly context: WorkerContext;
  readonly acceptor: Acceptor;
  /** Speaks TLS in front of the acceptor. */
  readonly front: TlsFront | undefined;
  readonly reception: Reception;
  readonly lot: ParkingLot;
  readonly service: Service;
  readonly clock: Clock;
  readonly watch: Watch;
  /** Watches the listeners, and `watch`. */
  readonly ready: ReadySet;
}

/**
 * The sync worker's life: take a connection, serve it, take the next. While there is work the event loop does
 * not turn, except now and then for timers and signals; while there is none it turns all the time.
 */
export class ServingLoop {
  readonly #options: ServingLoopOptions;
  readonly #over = Promise.withResolvers<void>();
  #deadline = Infinity;
  /** Resolved when what is not done is given up, a moment after the deadline. */
  readonly #cut = Promise.withResolvers<void>();
  /** Requests that may still be served in this turn, and when it ends. */
  #left = 0;
  #turnEnd = 0;

  constructor(options: ServingLoopOptions) {
    this.#options = options;
  }

  start(): void {
    const { ready, watch } = this.#options;
    process.on('exit', () => {
      ready.wake();
      watch.wake();
    });
    this.#run().then(this.#over.resolve, this.#over.reject);
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
    const { acceptor, front, ready, lot } = this.#options;
    this.#deadline = performance.now() + deadlineMs;
    acceptor.limit(queueLength);
    lot.hurrySilent(SILENCE_MS);
    front?.hurry(SILENCE_MS);
    ready.wake();
    // What is waited for may end unnoticed: clients that leave, or are given up.
    const looking = setInterval(() => ready.wake(), LOOK_EVERY_MS);
    setTimeout(this.#cut.resolve, deadlineMs + LAST_WORDS_MS).unref();
    return this.#over.promise.finally(() => clearInterval(looking));
  }

  async #run(): Promise<void> {
    this.#beginTurn();
    while (!this.#isOver()) {
      const turn = this.#turn();
      if (turn === 'busy') await nextTurn();
      else if (turn === 'idle') await this.#idle();
      else if (await this.#whileServing(turn)) continue;
      this.#beginTurn();
    }
    const { acceptor, front, service } = this.#options;
    acceptor.stop();
    await Promise.race([Promise.all([service.close(), front?.empty()]), this.#cut.promise]);
    service.cut();
    await service.close();
  }

  #isOver(): boolean {
    if (this.#deadline === Infinity) return false;
    const { acceptor, front, lot, watch } = this.#options;
    if (performance.now() >= this.#deadline) return true;
    return !acceptor.isOpen && watch.size === 0 && !lot.hasComplete && front?.isBusy !== true;
  }

  #beginTurn(): void {
    const { context, clock, watch } = this.#options;
    context.notify();
    this.#left = MOST_IN_A_TURN;
    this.#turnEnd = clock.look() + LONGEST_TURN_MS;
    watch.look();
  }

  /** Serves what there is. The promise is one that the application made wait. */
  #turn(): 'busy' | 'idle' | Promise<void> {
    const { reception, service, watch, ready, acceptor, front, clock } = this.#options;
    while (this.#left > 0 && clock.now < this.#turnEnd) {
      const arriving = reception.next();
      if (arriving === undefined) {
        if (this.#deadline !== Infinity && acceptor.isDry) acceptor.stop();
        // What a client sends through TLS is decrypted when the event loop turns.
        const needsLoop = front?.isBusy === true;
        if (ready.poll(needsLoop ? 0 : BRIEF_MS).length === 0) return 'idle';
        if (needsLoop) return 'busy';
        watch.look();
        clock.look();
        continue;
      }
      this.#left--;
      const pending = service.serve(arriving);
      reception.recycle(arriving.incoming);
      if (pending !== undefined) return pending;
    }
    return 'busy';
  }

  async #idle(): Promise<void> {
    if (this.#isOver()) return;
    await this.#options.ready.wait();
  }

  /** Waits for the application. True when it only had to be waited for in this turn of the event loop. */
  async #whileServing(pending: Promise<void>): Promise<boolean> {
    const { watch, service } = this.#options;
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
    await watch.attendUntil(Promise.race([done, limit.promise, this.#cut.promise]));
    clearTimeout(timer);
    if (isDone) return false;
    if (this.#isOver()) service.cut();
    else this.#giveUp();
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
  #giveUp(): void {
    const { acceptor, service, context } = this.#options;
    const given = service.giveUp();
    if (given === undefined) return;
    const { method, target } = given.request;
    const { timeout } = context.settings;
    if (given.waitedFor !== 'application' || timeout === 0 || this.#limitMs < timeout * 1000) {
      logTimeout(context.log, given);
      return;
    }
    acceptor.limit(0);
    setImmediate(() => {
      throw new HungRequestError(method, target, timeout);
    });
  }
}

/** Resolves when everything that was resolved already has had its consequences, before anything else happens. */
function sameTurn(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
