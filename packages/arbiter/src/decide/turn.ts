import type { LogFields, LogLevel } from '@gunicorn-ts/interface';
import { type Action, log } from '../action.ts';
import type { State } from '../state.ts';
import type { WorkerState } from '../worker-state.ts';

/** One decision in the making: the state as it becomes, and the actions collected so far. */
export class Turn {
  readonly now: number;
  readonly actions: Action[] = [];
  #state: State;

  constructor(state: State, now: number) {
    this.#state = state;
    this.now = now;
  }

  get state(): State {
    return this.#state;
  }

  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
  }

  worker(age: number): WorkerState | undefined {
    return this.#state.workers.get(age);
  }

  setWorker(worker: WorkerState, change: Partial<WorkerState>): WorkerState {
    const changed = { ...worker, ...change };
    this.set({ workers: this.#state.workers.with(changed) });
    return changed;
  }

  do(action: Action): void {
    this.actions.push(action);
  }

  log(level: LogLevel, message: string, fields?: LogFields): void {
    this.actions.push(log(level, message, fields));
  }
}
