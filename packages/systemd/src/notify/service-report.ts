import type { LifecycleMoment, WorkerCounts } from '@gunicorn-ts/interface';
import { describeCounts, inOneLine } from './status-line.ts';

type Starting = Extract<LifecycleMoment, { readonly moment: 'starting' }>;

/** A moment of the arbiter's life, or `waiting`: time passes before the workers are ready. */
export type Occasion =
  | Exclude<LifecycleMoment, Starting>
  | Omit<Starting, 'arbiter' | 'control'>
  | { readonly moment: 'waiting' };

/** What has been reported so far, and what is known to report. Never changed in place. */
export interface ServiceReport {
  readonly phase: 'starting' | 'ready' | 'stopping';
  /** The second arbiter of an upgrade, as long as the first one is there: systemd listens to the main process alone. */
  readonly silent: boolean;
  /** The second arbiter that this one leaves the service to. */
  readonly successor: number | undefined;
  readonly counts: WorkerCounts;
  readonly reloading: boolean;
  /** Why the last reload was refused. */
  readonly refused: string | undefined;
  readonly status: string;
  /** When a status and a sign of life were last sent, in microseconds. */
  readonly statusAt: number;
  readonly aliveAt: number;
}

export interface ReportLimits {
  /** Within how many microseconds systemd expects a sign of life. */
  readonly watchdogUsec: number | undefined;
  /** When the extension of a slow start ends, in microseconds of the same clock as `now`. */
  readonly startLimit: number;
}

/** Statuses that follow each other faster than this are not read by anybody. */
const STATUS_EVERY_USEC = 1_000_000;
/** Asked for again every few seconds while the start lasts; a process that stands still does not ask. */
const EXTENSION_USEC = 30_000_000;

export const FIRST_REPORT: ServiceReport = {
  phase: 'starting',
  silent: false,
  successor: undefined,
  counts: { target: 0, booting: 0, ready: 0, draining: 0 },
  reloading: false,
  refused: undefined,
  status: '',
  statusAt: Number.NEGATIVE_INFINITY,
  aliveAt: Number.NEGATIVE_INFINITY,
};

/** One report in the making: what it then stands at, and the lines that go to systemd. */
class Draft {
  readonly lines: string[] = [];
  readonly #now: number;
  #report: ServiceReport;

  constructor(report: ServiceReport, now: number) {
    this.#report = report;
    this.#now = now;
  }

  get report(): ServiceReport {
    return this.#report;
  }

  set(change: Partial<ServiceReport>): this {
    this.#report = { ...this.#report, ...change };
    return this;
  }

  say(...lines: string[]): this {
    this.lines.push(...lines);
    return this;
  }

  status(text: string = describeService(this.#report)): this {
    if (text === this.#report.status || this.#report.silent) return this;
    return this.say(`STATUS=${text}`).set({ status: text, statusAt: this.#now });
  }

  /** The status, unless one was sent a moment ago: then the next tick brings it. */
  statusInTime(): this {
    return this.#now - this.#report.statusAt < STATUS_EVERY_USEC ? this : this.status();
  }

  alive(limits: ReportLimits): this {
    if (limits.watchdogUsec === undefined) return this;
    return this.say('WATCHDOG=1').set({ aliveAt: this.#now });
  }
}

/**
 * What is to be told to systemd at a moment: no clock, no socket.
 * @param now CLOCK_MONOTONIC in microseconds
 * @returns the lines of one message, none when there is nothing to tell
 */
export function reportOn(
  report: ServiceReport,
  occasion: Occasion,
  now: number,
  limits: ReportLimits,
): { readonly report: ServiceReport; readonly lines: readonly string[] } {
  const draft = new Draft(report, now);
  tell(draft, occasion, now, limits);
  return { report: draft.report, lines: draft.report.silent ? [] : draft.lines };
}

function tell(draft: Draft, occasion: Occasion, now: number, limits: ReportLimits): void {
  switch (occasion.moment) {
    case 'starting':
      draft.set({ silent: occasion.parentPid !== undefined }).status('Starting');
      return;
    case 'listening':
      draft.status('Listening, no worker is ready yet');
      return;
    case 'waiting':
      if (draft.report.phase === 'starting' && now < limits.startLimit)
        draft.say(`EXTEND_TIMEOUT_USEC=${EXTENSION_USEC}`);
      return;
    case 'counts':
      draft.set({ counts: occasion.counts }).statusInTime();
      return;
    case 'tick':
      return tick(draft.set({ counts: occasion.counts }), now, limits);
    case 'ready':
      draft.set({ phase: 'ready' }).say('READY=1').status().alive(limits);
      return;
    case 'reloading':
    case 'reloaded':
      return reload(draft, occasion, now);
    case 'promoted':
      return promoted(draft, occasion.pid, limits);
    case 'stopping':
    case 'stopped':
      return end(draft, occasion, limits);
  }
}

function tick(draft: Draft, now: number, limits: ReportLimits): void {
  draft.statusInTime();
  const { watchdogUsec } = limits;
  const { counts, aliveAt } = draft.report;
  // Nobody is missed where none is wanted (WINCH).
  const serves = counts.target === 0 || counts.booting + counts.ready + counts.draining > 0;
  // A tick early rather than one late: the next one comes a second from now.
  const due = watchdogUsec !== undefined && now - aliveAt >= watchdogUsec / 2 - STATUS_EVERY_USEC;
  if (serves && due) draft.alive(limits);
}

/** Before systemd knows that the service is ready, a reload is part of its start. */
function reload(draft: Draft, occasion: Occasion & { moment: 'reloading' | 'reloaded' }, now: number): void {
  const begins = occasion.moment === 'reloading';
  const refused = begins || occasion.error === undefined ? undefined : inOneLine(occasion.error);
  draft.set({ reloading: begins, refused });
  if (draft.report.phase === 'ready') {
    if (begins) draft.say('RELOADING=1', `MONOTONIC_USEC=${now}`);
    else draft.say('READY=1');
  }
  draft.status();
}

function promoted(draft: Draft, pid: number, limits: ReportLimits): void {
  draft.set({ silent: false }).say(`MAINPID=${pid}`);
  if (draft.report.phase === 'ready') draft.say('READY=1');
  draft.status().alive(limits);
}

/**
 * STOPPING=1 would end the service. When a second arbiter goes on, the service is handed to it instead, as the last
 * act: until then this one gives the signs of life. systemd reads the message before it learns of the exit.
 */
function end(
  draft: Draft,
  occasion: Occasion & { moment: 'stopping' | 'stopped' },
  limits: ReportLimits,
): void {
  const { successor } = occasion;
  if (occasion.moment === 'stopped') {
    if (successor === undefined) draft.status(`Ended with exit code ${occasion.exitCode}`);
    else draft.say(`MAINPID=${successor}`).alive(limits);
    return;
  }
  draft.set({ phase: 'stopping', successor });
  if (successor === undefined) draft.say('STOPPING=1');
  draft.status();
}

function describeService({ phase, counts, reloading, refused, successor }: ServiceReport): string {
  const workers = describeCounts(counts);
  if (phase === 'stopping') {
    const left = counts.booting + counts.ready + counts.draining;
    const act = successor === undefined ? 'Stopping' : `Upgraded, process ${successor} takes over`;
    return left === 0 ? act : `${act}: ${left} ${left === 1 ? 'worker' : 'workers'} to finish`;
  }
  if (reloading) return `Reloading: ${workers}`;
  if (phase === 'starting') return `Starting: ${workers}`;
  return refused === undefined ? workers : `${workers}; the last reload was refused: ${refused}`;
}
