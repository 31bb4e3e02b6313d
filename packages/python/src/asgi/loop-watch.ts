import { setTimeout as sleep } from 'node:timers/promises';
import type { LossParts } from '../lane-loss.ts';
import type { ForkedProcess } from '../forked-process.ts';
import { section } from '../report-section.ts';
import { readStacks } from '../stacks-file.ts';
import { LoopSilence } from './loop-silence.ts';

/** How many questions fit into the time after which silence is too long. */
const QUESTIONS = 4;
/** Who looks at the server is to see it soon. In milliseconds. */
const LONGEST_PAUSE_MS = 1000;
/** How long a process that hangs gets for the hook `worker_abort`, in milliseconds. */
const ABORT_GRACE_MS = 1000;

/** The requests that a process has which does not turn. */
export interface HeldRequests {
  /** Those that wait for an answer, the oldest first, in words. */
  describe(): readonly string[];
  /** Answers them with 504: nothing comes from the process any more. */
  giveUp(): void;
}

interface WatchedParts extends Omit<LossParts, 'python'> {
  readonly python: Pick<ForkedProcess, 'control' | 'stacksFd' | 'kill'>;
}

/**
 * Whether the loop of the Python process turns: code that blocks it holds up all requests, while the worker in front is
 * well. It is asked again and again, and the loop itself answers.
 */
export class LoopWatch {
  readonly #held: HeldRequests;
  readonly #limitMs: number;
  readonly #silence: LoopSilence;
  #timer: NodeJS.Timeout | undefined;

  /** @param timeout the setting, in seconds; 0 watches nothing */
  constructor(held: HeldRequests, timeout: number) {
    this.#held = held;
    this.#limitMs = timeout * 1000;
    this.#silence = new LoopSilence(this.#limitMs);
  }

  begin(parts: WatchedParts): void {
    if (this.#limitMs === 0) return;
    // What has arrived is read first: this process may have been stopped for a while.
    const everyMs = Math.min(this.#limitMs / QUESTIONS, LONGEST_PAUSE_MS);
    this.#timer = setInterval(() => setImmediate(() => this.#look(parts)), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** For how long the loop has not turned, in milliseconds. */
  get silentMs(): number {
    return this.#silence.silentMs(performance.now());
  }

  /** The loop has turned. */
  answered(): void {
    this.#silence.answered();
  }

  #look(parts: WatchedParts): void {
    const found = this.#silence.look(performance.now());
    if (found === 'ask') parts.python.control.ping();
    if (typeof found === 'string') return;
    clearInterval(this.#timer);
    void this.#end(parts, found.silentMs);
  }

  /** Says where the application stands, answers those who wait, and ends the process: the worker is replaced. */
  async #end({ python, pid, log, giveUp }: WatchedParts, silentMs: number): Promise<void> {
    const inFlight = this.#held.describe();
    const stacks = await readStacks(pid, python.stacksFd, () => python.control.askForTasks());
    const reason = `The event loop of the Python process (pid: ${pid}) has not turned for ${(silentMs / 1000).toFixed(1)} s`;
    log.critical(
      [
        `${reason} (timeout), and is ended`,
        ...section('in flight:', inFlight),
        ...section('the application process:', stacks?.split('\n') ?? []),
      ].join('\n'),
    );
    giveUp(reason);
    this.#held.giveUp();
    try {
      process.kill(pid, 'SIGABRT');
    } catch {
      // It has come to its end in the meantime.
    }
    await sleep(ABORT_GRACE_MS);
    python.kill();
  }
}
