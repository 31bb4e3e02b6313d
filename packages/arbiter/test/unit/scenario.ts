import type { Settings } from '@gunicorn-ts/interface';
import type { Action } from '../../src/action.ts';
import { decide } from '../../src/decide/decide.ts';
import type { ArbiterEvent, Exit } from '../../src/event.ts';
import type { Unstamped } from '../../src/loop.ts';
import { initialState, type State } from '../../src/state.ts';
import type { WorkerState } from '../../src/worker-state.ts';

/** What a worker says of itself. */
type ToldMessage = Extract<ArbiterEvent, { type: 'message' }>['message'];

const SETTINGS = {
  workers: 2,
  timeout: 30,
  gracefulTimeout: 30,
  shutdownDelay: 0,
  bootTimeout: 60,
  autopsy: true,
  reload: false,
  reusePort: false,
} as unknown as Settings;

/** Plays the arbiter's story without a process: events in, actions out, time by hand. */
export class Scenario {
  now = 1000;
  state: State;
  /** Actions since they were last taken. */
  actions: Action[] = [];
  #pid = 100;
  /** Heartbeats that the next tick reports. */
  readonly beats: Map<number, number> = new Map();

  constructor(settings: Partial<Settings> = {}, parentPid?: number) {
    this.state = initialState({ ...SETTINGS, ...settings }, this.now, parentPid);
  }

  /** A server whose first workers are all ready. */
  static serving(settings: Partial<Settings> = {}): Scenario {
    const scenario = new Scenario(settings).push({ type: 'start' }).after(200);
    for (let round = 0; round < 2; round++)
      for (const worker of scenario.workers()) scenario.boot(worker.age);
    scenario.actions = [];
    return scenario;
  }

  static settings(change: Partial<Settings> = {}): Settings {
    return { ...SETTINGS, ...change };
  }

  push(event: Unstamped<ArbiterEvent>): this {
    const decision = decide(this.state, { ...event, now: this.now } as ArbiterEvent);
    this.state = decision.state;
    this.actions.push(...decision.actions);
    return this;
  }

  /** Time passes, and ends with a tick. Workers that are not `silent` gave a sign. */
  after(ms: number, silent: readonly number[] = []): this {
    this.now += ms;
    for (const { age } of this.workers()) if (!silent.includes(age)) this.beats.set(age, this.now);
    return this.push({ type: 'tick', beats: new Map(this.beats) });
  }

  signal(signal: Extract<ArbiterEvent, { type: 'signal' }>['signal']): this {
    return this.push({ type: 'signal', signal, atTerminal: false });
  }

  spawned(age: number): this {
    return this.push({ type: 'spawned', age, pid: ++this.#pid });
  }

  message(age: number, message: Omit<ToldMessage, 'version'>): this {
    return this.push({ type: 'message', age, message: { ...message, version: 1 } as ToldMessage });
  }

  boot(age: number): this {
    const worker = this.state.workers.get(age);
    if (worker?.phase !== 'booting') return this;
    return this.spawned(age).message(age, { type: 'ready' });
  }

  exited(age: number, exit: Partial<Exit> = {}): this {
    return this.push({ type: 'exited', age, code: 0, signal: null, outOfMemory: false, ...exit });
  }

  /** A worker that could not load the application. */
  failBoot(age: number, exitCode: number, message = 'no such module'): this {
    return this.spawned(age)
      .message(age, { type: 'boot-failed', exitCode, message } as never)
      .exited(age, { code: exitCode });
  }

  reload(change: Partial<Settings> = {}): this {
    this.signal('SIGHUP');
    return this.push({
      type: 'loaded',
      generation: this.state.lastGeneration,
      settings: Scenario.settings(change),
    });
  }

  workers(phase?: WorkerState['phase']): WorkerState[] {
    return this.state.workers.all().filter((worker) => phase === undefined || worker.phase === phase);
  }

  ages(phase?: WorkerState['phase']): number[] {
    return this.workers(phase).map((worker) => worker.age);
  }

  /** The actions so far in short form, without log lines and announcements; forgets them. */
  took(): string[] {
    const taken = this.actions.map(short).filter((text) => text !== '');
    this.actions = [];
    return taken;
  }

  logged(level: string): string[] {
    return this.actions.flatMap((action) =>
      action.do === 'log' && action.level === level ? [action.message] : [],
    );
  }
}

function short(action: Action): string {
  switch (action.do) {
    case 'spawn':
      return `spawn ${action.age} of generation ${action.generation}`;
    case 'signal-worker':
      return `${action.signal.slice(3)} ${action.age}`;
    case 'abort-worker':
      return `ABRT ${action.age}`;
    case 'load':
    case 'adopt':
    case 'discard':
      return `${action.do} ${action.generation}`;
    case 'finish':
      return `finish ${action.exitCode}`;
    case 'close-slot':
      return `close-slot ${action.slot}`;
    case 'start-upgrade':
    case 'promote':
    case 'close-listeners':
    case 'reopen-logs':
      return action.do;
    default:
      return '';
  }
}
