import type { Action } from './action.ts';
import { paceEnds } from './back-off.ts';
import { decide } from './decide/decide.ts';
import { headStartEnds } from './decide/keep-number.ts';
import type { ArbiterEvent } from './event.ts';
import type { State } from './state.ts';

/** An event before the loop stamps the time on it. */
export type Unstamped<T> = T extends unknown ? Omit<T, 'now'> : never;

const TICK_MS = 1000;
const HASTY_TICK_MS = 100;

/** The one queue and the one loop: takes an event, decides, carries out, takes the next. */
export class Loop {
  readonly #apply: (action: Action) => void;
  readonly #beats: (now: number) => ReadonlyMap<number, number>;
  readonly #queue: Unstamped<ArbiterEvent>[] = [];
  #state: State;
  #busy = false;
  #timer: NodeJS.Timeout | undefined;
  #lastTick: number = monotonicMs();

  constructor(options: {
    state: State;
    apply: (action: Action) => void;
    beats: (now: number) => ReadonlyMap<number, number>;
  }) {
    this.#state = options.state;
    this.#apply = options.apply;
    this.#beats = options.beats;
  }

  get state(): State {
    return this.#state;
  }

  /** Queues an event. Carrying out an action may push further ones; they wait for their turn. */
  push(event: Unstamped<ArbiterEvent>): void {
    this.#queue.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#turn(next);
    } finally {
      this.#busy = false;
    }
    this.#armTimer();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #turn(event: Unstamped<ArbiterEvent>): void {
    const { state, actions } = decide(this.#state, { ...event, now: monotonicMs() } as ArbiterEvent);
    this.#state = state;
    for (const action of actions) this.#apply(action);
  }

  #armTimer(): void {
    clearTimeout(this.#timer);
    if (this.#state.phase === 'finished') return;
    this.#timer = setTimeout(
      () => {
        // Timers run before anything is read. When this process was stopped for a while, messages and exits of
        // the workers lie unread, and whoever sent them must not be judged as silent.
        setImmediate(() => this.#tick());
      },
      untilNextTick(this.#state, this.#lastTick, monotonicMs()),
    );
  }

  #tick(): void {
    this.#lastTick = monotonicMs();
    this.push({ type: 'tick', beats: this.#beats(monotonicMs()) });
  }
}

/** Once a second, and sooner when something is due. */
function untilNextTick(state: State, lastTick: number, now: number): number {
  const hasty = state.workers.all().some((worker) => worker.hung !== undefined);
  const due = [state.crashes.startAfter, paceEnds(state.crashes), state.stopAt ?? 0];
  if (!state.proved) due.push(headStartEnds(state.startedAt));
  if (state.stop !== undefined && !state.stop.killed) due.push(state.stop.deadline);
  const next = Math.min(lastTick + (hasty ? HASTY_TICK_MS : TICK_MS), ...due.filter((at) => at > now));
  return Math.max(1, next - now);
}

export function monotonicMs(): number {
  return performance.now();
}
