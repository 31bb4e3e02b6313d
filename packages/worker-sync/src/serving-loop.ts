import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { WorkerContext } from '@gunicorn-ts/interface';
import type { ReadySet } from '@gunicorn-ts/posix';
import type { Acceptor } from './acceptor.ts';
import type { ParkingLot } from './parking-lot.ts';
import type { Reception } from './reception.ts';
import type { Service } from './service.ts';
import type { Watch } from './watch.ts';

/** Requests that are served in a row before timers and signals get their turn, and for how long, in milliseconds. */
const MOST_IN_A_TURN = 64;
const LONGEST_TURN_MS = 5;
/** How long this thread waits for a connection itself before another one does, which costs more, in milliseconds. */
const BRIEF_MS = 1;
/** How long clients that have not begun their request get when the worker drains, in milliseconds. */
const SILENCE_MS = 500;

export interface ServingLoopOptions {
  readonly context: WorkerContext;
  readonly acceptor: Acceptor;
  readonly reception: Reception;
  readonly lot: ParkingLot;
  readonly service: Service;
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
    const { acceptor, ready, lot } = this.#options;
    this.#deadline = performance.now() + deadlineMs;
    acceptor.limit(queueLength);
    lot.hurrySilent(SILENCE_MS);
    ready.wake();
    setTimeout(() => ready.wake(), deadlineMs).unref();
    return this.#over.promise;
  }

  async #run(): Promise<void> {
    const { context, service } = this.#options;
    while (!this.#isOver()) {
      context.notify();
      service.lookAtClock();
      const turn = this.#turn();
      if (turn === 'busy') await nextTurn();
      else if (turn === 'idle') await this.#idle();
      else await this.#whileServing(turn);
    }
    this.#options.acceptor.stop();
  }

  #isOver(): boolean {
    if (this.#deadline === Infinity) return false;
    const { acceptor, watch } = this.#options;
    return performance.now() >= this.#deadline || (!acceptor.isOpen && watch.size === 0);
  }

  /** Serves what there is. The promise is one that the application made wait. */
  #turn(): 'busy' | 'idle' | Promise<void> {
    const { reception, service, watch, ready, acceptor } = this.#options;
    const end = service.lookAtClock() + LONGEST_TURN_MS;
    watch.look();
    for (let served = 0; served < MOST_IN_A_TURN;) {
      const arriving = reception.next();
      if (arriving === undefined) {
        if (this.#deadline !== Infinity) acceptor.stop();
        if (ready.poll(BRIEF_MS).length === 0) return 'idle';
        watch.look();
        if (service.lookAtClock() >= end) return 'busy';
        continue;
      }
      const pending = service.serve(arriving);
      reception.recycle(arriving.incoming);
      if (pending !== undefined) return pending;
      served++;
      if (service.lookAtClock() >= end) return 'busy';
    }
    return 'busy';
  }

  async #idle(): Promise<void> {
    const { acceptor, ready, service } = this.#options;
    const pause = acceptor.pause(service.lookAtClock());
    if (pause > 0) await sleep(pause);
    await ready.wait();
  }

  async #whileServing(pending: Promise<void>): Promise<void> {
    const { watch, service, context } = this.#options;
    const done = pending.then(() => true);
    if (await Promise.race([done, nextTurn(false)])) return;
    const limit = Promise.withResolvers<void>();
    const timer =
      context.settings.timeout > 0 ? setTimeout(limit.resolve, context.settings.timeout * 1000) : undefined;
    let isHung = true;
    await watch.attendUntil(
      Promise.race([
        pending.then(() => {
          isHung = false;
        }),
        limit.promise,
      ]),
    );
    clearTimeout(timer);
    if (isHung) this.#leaveHung(service.giveUp());
  }

  /** As in Gunicorn a request that does not end within `timeout` ends the worker: what it holds is stuck with it. */
  #leaveHung(error: Error | undefined): void {
    if (error === undefined) return;
    this.#options.acceptor.limit(0);
    setImmediate(() => {
      throw error;
    });
  }
}
