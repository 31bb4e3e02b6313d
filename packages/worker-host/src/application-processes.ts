import type { Application, ApplicationProcess } from '@gunicorn-ts/interface';
import type { Parts } from './boot.ts';
import type { Channel } from './channel.ts';

/** What can be asked where it stands. */
export type MemberProcess = Omit<ApplicationProcess, 'isWatched' | 'members'>;

/** Where the application runs, when that is not here. */
export function processOf(application: Application | undefined): ApplicationProcess | undefined {
  return application !== undefined && 'process' in application ? application.process : undefined;
}

/** Those that it consists of now. */
export function membersOf(process: ApplicationProcess | undefined): readonly MemberProcess[] {
  if (process === undefined) return [];
  return process.members?.() ?? [process];
}

/** One that is silent for less may only be busy; then it is told each second. In milliseconds. */
const STANDS_STILL_MS = 4000;

/** Tells the arbiter which processes the application runs in. Lives in the worker process. */
export class ApplicationProcesses {
  readonly #channel: Channel;
  readonly #parts: Pick<Parts, 'application'>;
  #told: readonly number[] = [];
  #isStill = false;

  constructor(channel: Channel, parts: Pick<Parts, 'application'>) {
    this.#channel = channel;
    this.#parts = parts;
  }

  /** To go with the message that the worker serves. */
  first(): readonly number[] {
    this.#told = this.#now();
    return this.#told;
  }

  /** Called once a second. @returns what the worker's memory is counted with, when it is one process */
  look(): number | undefined {
    const now = this.#now();
    const silentMs = Math.max(0, ...this.#members().map((member) => member.silentMs?.() ?? 0));
    const isStill = silentMs >= STANDS_STILL_MS;
    const isNew = now.length !== this.#told.length || now.some((pid, at) => pid !== this.#told[at]);
    if (isNew || isStill || this.#isStill)
      void this.#channel.send({
        type: 'application',
        applicationPids: now,
        ...(isStill && { silentMs: Math.round(silentMs) }),
      });
    this.#told = now;
    this.#isStill = isStill;
    return now[0];
  }

  #now(): readonly number[] {
    return this.#members().flatMap(({ pid }) => pid ?? []);
  }

  #members(): readonly MemberProcess[] {
    return membersOf(processOf(this.#parts.application));
  }
}
