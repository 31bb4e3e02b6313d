import { closeSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@gunicorn-ts/interface';
import { connectUnix, randomName } from '@gunicorn-ts/posix';
import type { ChildLanes } from './child-lanes.ts';
import { ControlLane, type FirstWord, type LoadFailure } from './control-lane.ts';
import { readLines } from './line-reader.ts';
import { describeEnd } from './master-process.ts';
import { hide, type NamedStacksFile, openMastersStacksFile, openNamedStacksFile } from './stacks-file.ts';

/** How the process came to its end, in words: `exited with code 3`, `was killed by SIGSEGV`. */
export type ProcessEnd = string;

/** What a process is given by the worker. */
export interface ProcessParts {
  readonly lanes: ChildLanes;
  readonly log: Logger;
  /** Modules were imported from these files. */
  onFiles(files: readonly string[]): void;
  /** See `ControlListener`. */
  onAccessAsked?(asked: boolean): void;
  onPong?(): void;
}

/** Whose process it is to be. */
interface ForkOptions {
  /** The worker's. */
  readonly age: number;
  readonly slot: number;
  /** It is one of several of this worker: the master gives it an age of its own. */
  readonly isOneOfMany?: boolean;
  readonly stacks: NamedStacksFile;
}

/** How long the news of an end may come after the end of the lanes, in milliseconds. */
const NEWS_MS = 1000;
/** How long what the process wrote last may come after the news of its end, in milliseconds. */
const LAST_WORDS_MS = 100;
/** How often a master is asked that is not there. The arbiter starts another one. */
const RETRY_MS = 50;

/** What the master tells of the process: that there is one, how it ended, or why there is none. */
interface News {
  readonly pid?: number;
  readonly code?: number | null;
  readonly signal?: string | null;
  readonly failed?: LoadFailure;
}

/**
 * Asks the master for a process, until there is one: a master may be on its way, and a worker that boots is watched
 * by the arbiter.
 */
export async function forkProcess(
  master: string,
  options: Omit<ForkOptions, 'stacks'>,
  parts: ProcessParts,
): Promise<ForkedProcess> {
  const ahead = options.isOneOfMany === true ? undefined : openMastersStacksFile(master, options.age);
  const stacks = ahead ?? openNamedStacksFile();
  for (;;) {
    try {
      const asked = new ForkedProcess(master, { ...options, stacks }, parts);
      if ((await asked.answered) !== 'lost') {
        void asked.firstWord.finally(() => hide(stacks));
        return asked;
      }
      asked.abandon();
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    await sleep(RETRY_MS);
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'EPIPE' || code === 'ECONNRESET';
}

/** Blocking connections to the master, of which it makes one process. */
function connectAll(master: string, words: readonly string[]): [number, number, ...number[]] {
  const token = randomName();
  const fds: number[] = [];
  try {
    for (const word of words) {
      const fd = connectUnix(master);
      fds.push(fd);
      writeSync(fd, `${token} ${word}\n`);
    }
    return fds as [number, number, ...number[]];
  } catch (error) {
    for (const fd of fds) closeSync(fd);
    throw error;
  }
}

/** The Python process of a worker, forked from the master. Lives in the worker process. */
export class ForkedProcess {
  readonly firstWord: Promise<FirstWord>;
  readonly ended: Promise<ProcessEnd>;
  /** `lost` when the master ended before it had forked. */
  readonly answered: Promise<'forked' | 'failed' | 'lost'>;
  readonly #lanes: ChildLanes;
  readonly #control: ControlLane;
  readonly #socket: Socket;
  readonly #stacks: NamedStacksFile;
  #pid = 0;
  #isGone = false;

  /**
   * @param master path of the unix socket of the process to fork from
   * @throws {PosixError} when there is no such process
   */
  constructor(master: string, { age, slot, isOneOfMany = false, stacks }: ForkOptions, parts: ProcessParts) {
    const { lanes, log, onFiles, onAccessAsked, onPong } = parts;
    this.#lanes = lanes;
    this.#stacks = stacks;
    const own = { age, slot, lanes: lanes.count, stacks: stacks.path, ...(isOneOfMany && { many: true }) };
    const lane = Array.from({ length: lanes.count }, () => 'lane');
    const [worker, control, ...fds] = connectAll(master, [
      `worker ${JSON.stringify(own)}`,
      'control',
      ...lane,
    ]);
    lanes.connected(fds);
    this.#socket = new Socket({ fd: worker, readable: true, writable: true });
    const news = this.#hear();
    const socket = new Socket({ fd: control, readable: true, writable: true });
    this.#control = new ControlLane(socket, {
      log,
      onFiles,
      onStray: () => this.kill(),
      ...(onAccessAsked && { onAccessAsked }),
      ...(onPong && { onPong }),
    });
    this.answered = news.first;
    this.ended = this.#hearEnd(news.end);
    this.firstWord = Promise.race([this.#control.firstWord, news.failure]);
  }

  get stacksFd(): number {
    return this.#stacks.fd;
  }

  /** See `ControlLane`. */
  get control(): ControlLane {
    return this.#control;
  }

  /** The worker was told to leave at once: the hook `worker_int` is called. */
  interrupt(): void {
    this.#control.interrupt();
  }

  end(): Promise<unknown> {
    this.#control.end();
    return this.ended;
  }

  /** Ends it at once. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  /** The worker was told that it hung. */
  abort(): void {
    this.#signal('SIGABRT');
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#isGone || this.#pid === 0) return;
    try {
      process.kill(this.#pid, signal);
    } catch {
      // It has ended, and the news is on its way.
    }
  }

  /** Lets it end by itself, which it does when its lanes are closed. */
  async leave(): Promise<void> {
    this.#lanes.close();
    await this.ended;
    this.#socket.destroy();
    closeSync(this.#stacks.fd);
  }

  /** Nothing came of it. */
  abandon(): void {
    this.#lanes.close();
    this.#socket.destroy();
  }

  /**
   * The end of the control lane and the master's news belong together, and either may come first: a descendant of the
   * process may hold the lane open, and the master may be gone.
   */
  async #hearEnd(told: Promise<ProcessEnd>): Promise<ProcessEnd> {
    await Promise.race([this.#control.closed, told]);
    // From here on its id may be another process's.
    this.#isGone = true;
    const rest = sleep(NEWS_MS, 'ended', { ref: false });
    await Promise.race([this.#control.closed, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    return Promise.race([told, rest]);
  }

  #hear(): {
    readonly first: ForkedProcess['answered'];
    readonly failure: Promise<FirstWord>;
    readonly end: Promise<ProcessEnd>;
  } {
    const first = Promise.withResolvers<'forked' | 'failed' | 'lost'>();
    const failure = Promise.withResolvers<FirstWord>();
    const end = Promise.withResolvers<ProcessEnd>();
    const hear = (line: string): void => {
      const news = JSON.parse(line) as News;
      if (news.pid !== undefined) {
        this.#pid = news.pid;
        first.resolve('forked');
      } else if (news.failed === undefined) end.resolve(describeEnd(news.code ?? null, news.signal ?? null));
      else {
        failure.resolve({ kind: 'failed', failure: news.failed });
        first.resolve('failed');
      }
    };
    readLines(this.#socket, hear, () => undefined);
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => first.resolve('lost'));
    // The process lives by its lanes; this one is no reason for the worker to stay.
    this.#socket.unref();
    return { first: first.promise, failure: failure.promise, end: end.promise };
  }
}
