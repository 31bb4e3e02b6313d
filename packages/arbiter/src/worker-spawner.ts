import fs from 'node:fs';
import {
  type Autopsy,
  describeThrown,
  type FurtherAddress,
  type Settings,
  type WorkerIdentity,
  type WorkerInfo,
} from '@gunicorn-ts/interface';
import type { ArbiterEvent, Exit } from './event.ts';
import { bootSpecification, type Generation, WORKER_VARIABLE } from './generation.ts';
import { Heartbeat } from './heartbeat.ts';
import { runHook } from './hook-runner.ts';
import { monotonicMs, type Unstamped } from './loop.ts';
import { OutOfMemoryWatch } from './out-of-memory.ts';
import type { Release } from './release.ts';
import type { Server } from './server.ts';
import { mayShare } from './shared-listeners.ts';
import { StackQuestions } from './stack-questions.ts';
import { type BootSpecification, openOutput, WorkerHandle } from './worker-handle.ts';

interface Entry {
  readonly age: number;
  readonly generation: number;
  /** From 1, as people count. */
  readonly slot: number;
  readonly settings: Readonly<Settings>;
  readonly identity: WorkerIdentity | undefined;
  readonly prepared: Generation['prepared'];
  readonly heartbeat: Heartbeat;
  /** Absent while `preFork` runs. */
  handle?: WorkerHandle;
  pid: number;
  /** A signal that came before there was a process: it is never started. */
  cancelled: boolean;
}

/** Starts worker processes and holds their handles, by age. */
export class WorkerSpawner {
  readonly #server: Server;
  readonly #push: (event: Unstamped<ArbiterEvent>) => void;
  readonly #entries: Map<number, Entry> = new Map();
  readonly #mixed: WeakSet<Release> = new WeakSet();
  readonly #stacks: StackQuestions = new StackQuestions();
  readonly #outOfMemory: OutOfMemoryWatch = new OutOfMemoryWatch();
  #passedOver: string | undefined;

  constructor(server: Server, push: (event: Unstamped<ArbiterEvent>) => void) {
    this.#server = server;
    this.#push = push;
    server.logs.join({
      ages: () => [...this.#entries.values()].filter((one) => one.handle).map(({ age }) => age),
      send: (age, message) => this.#entries.get(age)?.handle?.send(message),
    });
  }

  spawn({ age, generation, slot }: { age: number; generation: number; slot: number }): void {
    void this.#spawn(age, this.#server.generation(generation), slot).catch((error: unknown) => {
      this.#exited(age, {
        code: null,
        signal: null,
        spawnError: describeThrown(error),
      });
    });
  }

  signal(age: number, signal: NodeJS.Signals): void {
    const entry = this.#entries.get(age);
    if (entry?.handle !== undefined) entry.handle.signal(signal);
    else if (entry !== undefined && !entry.cancelled) this.#cancel(entry);
  }

  abort(age: number): void {
    const entry = this.#entries.get(age);
    entry?.prepared?.abort?.(age);
    entry?.handle?.tellEnd();
    this.signal(age, 'SIGABRT');
  }

  /** See `ArbiterControl.stacks`. */
  stacks(age: number): Promise<Autopsy> {
    const { handle, settings } = this.#entries.get(age) ?? {};
    if (handle === undefined || settings === undefined) throw new Error('there is no such worker');
    if (!settings.autopsy) throw new Error('nobody watches its main thread: autopsy is off (--no-autopsy)');
    return this.#stacks.ask(age, (asked) => handle.askStacks(asked));
  }

  /** Answers a worker whose application listens at a further address. */
  share({ age, id, address }: { age: number; id: number; address: FurtherAddress }): void {
    const entry = this.#entries.get(age);
    if (entry?.handle === undefined) return;
    const { identity, settings } = entry;
    if (!mayShare(address, identity))
      return entry.handle.answerListen({ id, alone: true, failure: undefined });
    try {
      const fd = this.#server.shared.take(age, address, settings);
      if (fd !== undefined) entry.handle.answerListen({ id, alone: false, failure: undefined }, fd);
    } catch (error) {
      const { code = 'EINVAL', message } = error as NodeJS.ErrnoException;
      entry.handle.answerListen({ id, alone: false, failure: { code, message } });
    }
  }

  beats(now: number): ReadonlyMap<number, number> {
    return new Map([...this.#entries.values()].map(({ age, heartbeat }) => [age, heartbeat.lastMove(now)]));
  }

  /** See `ArbiterView.memory`. */
  memory(age: number): Uint8Array | undefined {
    return this.#entries.get(age)?.heartbeat.read();
  }

  info(age: number): WorkerInfo | undefined {
    const entry = this.#entries.get(age);
    return entry === undefined ? undefined : infoOf(entry);
  }

  forget(age: number): void {
    this.#entries.get(age)?.heartbeat.close();
    this.#entries.delete(age);
  }

  async #spawn(age: number, generation: Generation, slot: number): Promise<void> {
    const server = this.#server;
    const { settings, hooks } = generation.loaded;
    const heartbeat = new Heartbeat(settings.workerTmpDir, generation.identity, monotonicMs());
    this.#sayWhere(heartbeat);
    const entry: Entry = {
      age,
      generation: generation.number,
      settings,
      identity: generation.identity,
      slot: slot + 1,
      prepared: generation.prepared,
      heartbeat,
      pid: 0,
      cancelled: false,
    };
    this.#entries.set(age, entry);
    if (hooks.preFork !== undefined) {
      await runHook(server.facade, 'preFork', () => hooks.preFork?.(server.facade, infoOf(entry)));
    }
    if (entry.cancelled) return;
    const handle = this.#start(entry, generation);
    entry.handle = handle;
    entry.pid = handle.pid;
    if (handle.pid === 0) return;
    server.logs.started(age);
    // Behind the start: both then do what they have to do at the same time.
    generation.prepared?.expect?.({ age, slot: entry.slot });
    this.#push({ type: 'spawned', age, pid: handle.pid });
  }

  /** Once for each reason: the next worker meets the same folder. */
  #sayWhere({ passedOver }: Heartbeat): void {
    if (passedOver === undefined || passedOver === this.#passedOver) return;
    this.#passedOver = passedOver;
    this.#server.log.warning(`${passedOver}; until then it is elsewhere, in memory where the system can`);
  }

  /** It counts as gone now, whenever its hook ends. */
  #cancel(entry: Entry): void {
    entry.cancelled = true;
    this.#exited(entry.age, { code: 0, signal: null });
  }

  #start({ age, slot, heartbeat }: Entry, generation: Generation): WorkerHandle {
    const server = this.#server;
    const { loaded, listeners, release } = generation;
    const cwd = this.#workingFolder(generation);
    const outputFd = openOutput(release.pinnedSettings(loaded.settings));
    try {
      return new WorkerHandle({
        entry: server.ownFiles.found(server.options.workerHostEntry),
        compiledFolder: server.options.compiledFolder,
        nodeFlags: generation.prepared?.nodeFlags ?? [],
        boot: server.ownFiles.inBoot(this.#inForce(bootSpecification(generation, 'serve', { age, slot }))),
        listeners: server.pool.forSlot(listeners, slot - 1, loaded.settings),
        cwd,
        heartbeatFd: heartbeat.fd,
        outputFd,
        env: { ...generation.env, [WORKER_VARIABLE]: String(slot) },
        onMessage: (message) => {
          if (message.type === 'log-lines') server.logs.heard(age, message);
          else this.#push({ type: 'message', age, message });
        },
        onAutopsy: (autopsy) => {
          if (autopsy.asked === undefined) this.#push({ type: 'autopsy', age, autopsy });
          else this.#stacks.answer(age, autopsy.asked, autopsy);
        },
        onUnbearable: (reason) => this.#push({ type: 'unbearable', age, reason }),
        onExit: (exit) => this.#exited(age, exit),
      });
    } finally {
      if (outputFd !== undefined) fs.closeSync(outputFd);
    }
  }

  #inForce(boot: BootSpecification): BootSpecification {
    return { ...boot, settings: this.#server.logs.inForce(boot.settings) };
  }

  /** Says once for each release that its workers have to run other code. */
  #workingFolder({ release }: Generation): string {
    const folder = release.workingFolder();
    if (folder !== release.folder && !this.#mixed.has(release)) {
      this.#mixed.add(release);
      this.#server.log.warning(
        `${release.folder}, which the settings were loaded from, is gone: workers that are replaced run what ` +
          `${release.named} leads to now (${fs.realpathSync(folder)}), on the old settings; send HUP to read new ones`,
      );
    }
    return folder;
  }

  #exited(age: number, exit: Omit<Exit, 'outOfMemory'>): void {
    this.#entries.get(age)?.prepared?.ended?.(age);
    const outOfMemory = exit.signal === 'SIGKILL' && this.#outOfMemory.happened();
    this.#push({ type: 'exited', age, ...exit, outOfMemory });
  }
}

function infoOf({ pid, age, slot, generation }: Entry): WorkerInfo {
  return { pid, age, slot, generation };
}
