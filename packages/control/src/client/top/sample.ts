import { quantile, STANDS_STILL_S } from '@gunicorn-ts/metrics';
import type { ProcessUse, ServerCount, ServerFigures, WorkerCount, WorkerFigures } from '../../figures.ts';
import type { ServerStatus } from '../../status.ts';

/** What was asked at one time. */
export interface Sample {
  readonly status: ServerStatus;
  readonly figures: ServerFigures;
}

/** What a worker does, in the words of `gunicorn top`. */
export type Doing = 'boot' | 'idle' | 'busy' | 'hung' | 'drain' | 'ready';

/** A line of the table. */
export interface Row {
  readonly slot: number;
  readonly pid: number;
  readonly applicationPids: readonly number[];
  readonly doing: Doing;
  readonly upSeconds: number;
  readonly silentSeconds: number;
  readonly requests: number | undefined;
  /** A second, since the sample before. */
  readonly rate: number | undefined;
  /** Of the requests of the last seconds, in seconds; `undefined` without any. */
  readonly average: number | undefined;
  readonly p99: number | undefined;
  /** Part of the time, 0 to 1. */
  readonly busy: number | undefined;
  /** Of one core, 0 to 1 and beyond. */
  readonly cpu: number | undefined;
  readonly memory: Memory;
  readonly now: { readonly text: string; readonly seconds: number } | undefined;
  /** Until the arbiter ends it, when it stands still. */
  readonly killInSeconds: number | undefined;
}

/** In bytes; of the worker and of the processes that its application runs in. */
export interface Memory {
  readonly rss: number;
  readonly pss: number | undefined;
  readonly uss: number | undefined;
}

/** All that the screen shows. */
export interface Model {
  readonly status: ServerStatus;
  readonly figures: ServerFigures;
  readonly rows: readonly Row[];
  /** Cores that are busy with this server. */
  readonly cores: number;
  /** Arbiter, workers and their processes. */
  readonly memory: Memory;
  readonly rate: number | undefined;
  /** Part of the requests since the sample before. */
  readonly clientErrors: number;
  readonly serverErrors: number;
  /** In seconds, how long 95 of 100 requests had waited at most when a worker took them, of those since the sample before. */
  readonly waited: number | undefined;
  /** Part of the time since the sample before in which a quota kept the server from running; absent without one. */
  readonly throttled: number | undefined;
  /** In seconds, of the requests since the sample before; `undefined` without any. */
  readonly quantiles: { readonly p50: number; readonly p95: number; readonly p99: number } | undefined;
}

/**
 * What two samples, the newer last, say. Pure.
 * @param earlier what durations are counted from: some seconds ago, since a single one has few requests
 */
export function modelOf(
  before: Sample | undefined,
  now: Sample,
  earlier: Sample | undefined = before,
): Model {
  const { status, figures } = now;
  const rows = status.workers.map((worker) => ({
    ...rowOf(worker.age, before, now),
    ...durationsOf(worker.age, earlier, now),
  }));
  const { arbiter } = figures;
  const seconds = secondsBetween(before, now);
  const own =
    arbiter && before?.figures.arbiter?.pid === arbiter.pid
      ? (arbiter.cpuSeconds - before.figures.arbiter.cpuSeconds) / seconds
      : 0;
  return {
    status,
    figures,
    rows,
    cores:
      own +
      (cpuBetween(before?.figures.others, figures.others, seconds) ?? 0) +
      rows.reduce((sum, { cpu = 0 }) => sum + cpu, 0),
    memory: sumOf([
      ...(arbiter === undefined ? [] : [memoryOf([arbiter])]),
      ...figures.others.map((use) => memoryOf([use])),
      ...rows.map(({ memory }) => memory),
    ]),
    ...requestsOf(before, now, seconds),
    waited: waitedOf(before?.figures.count, figures.count),
    throttled: throttledOf(before?.figures.system, figures.system, seconds),
  };
}

function waitedOf(last: ServerCount | undefined, count: ServerCount | undefined): number | undefined {
  if (last === undefined || count === undefined) return undefined;
  const waits = count.waits.map((number, at) => number - (last.waits[at] ?? 0));
  return waits.some((number) => number > 0) ? quantile(waits, 0.95) : undefined;
}

function throttledOf(
  last: ServerFigures['system'] | undefined,
  { throttledSeconds }: ServerFigures['system'],
  seconds: number,
): number | undefined {
  if (throttledSeconds === undefined || last?.throttledSeconds === undefined) return undefined;
  return Math.max(0, throttledSeconds - last.throttledSeconds) / seconds;
}

function durationsOf(age: number, earlier: Sample | undefined, now: Sample): Pick<Row, 'average' | 'p99'> {
  const countIn = (sample: Sample | undefined): WorkerCount | undefined =>
    sample?.figures.workers.find((one) => one.age === age)?.count;
  const count = countIn(now);
  // Of a worker that was not there then all are its last ones.
  const then = countIn(earlier);
  const requests = (count?.requests ?? 0) - (then?.requests ?? 0);
  if (count === undefined || requests <= 0) return { average: undefined, p99: undefined };
  const durations = count.durations.map((number, at) => number - (then?.durations[at] ?? 0));
  return {
    average: (count.durationSeconds - (then?.durationSeconds ?? 0)) / requests,
    p99: quantile(durations, 0.99),
  };
}

/** Of one core; `undefined` where nothing was known before. */
function cpuBetween(
  before: readonly ProcessUse[] | undefined,
  now: readonly ProcessUse[],
  seconds: number,
): number | undefined {
  if (before === undefined || before.length === 0) return undefined;
  return now.reduce((sum, use) => {
    const then = before.find(({ pid }) => pid === use.pid);
    return then === undefined ? sum : sum + (use.cpuSeconds - then.cpuSeconds) / seconds;
  }, 0);
}

/** The worker with the processes that it consists of. */
export function usesOf(worker: WorkerFigures | undefined): readonly ProcessUse[] {
  return [worker?.use, ...(worker?.applications ?? []), ...(worker?.children ?? [])].filter(
    (use) => use !== undefined,
  );
}

function rowOf(
  age: number,
  before: Sample | undefined,
  { status, figures }: Sample,
): Omit<Row, 'average' | 'p99'> {
  const worker = status.workers.find((one) => one.age === age)!;
  const mine = figures.workers.find((one) => one.age === age);
  const earlier = before?.figures.workers.find((one) => one.age === age);
  const seconds = secondsBetween(before, { status, figures });
  const uses = usesOf(mine);
  const count = mine?.count;
  const last = earlier?.count;
  const isStill = worker.silentSeconds > STANDS_STILL_S;
  return {
    slot: worker.slot,
    pid: worker.pid,
    applicationPids: mine?.applications?.map(({ pid }) => pid) ?? [],
    doing: doingOf(worker.condition, isStill, count?.inFlight),
    upSeconds: worker.upSeconds,
    silentSeconds: worker.silentSeconds,
    requests: count?.requests,
    rate: count && last && (count.requests - last.requests) / seconds,
    busy: count && last && Math.min(1, Math.max(0, (count.busySeconds - last.busySeconds) / seconds)),
    cpu: cpuBetween(usesOf(earlier), uses, seconds),
    memory: memoryOf(uses),
    now: count?.request,
    killInSeconds:
      isStill && status.timeout > 0 ? Math.max(0, status.timeout - worker.silentSeconds) : undefined,
  };
}

function doingOf(
  condition: ServerStatus['workers'][number]['condition'],
  isStill: boolean,
  inFlight: number | undefined,
): Doing {
  switch (condition) {
    case 'booting':
      return 'boot';
    case 'draining':
      return 'drain';
    case 'hung':
      return 'hung';
    case 'ready':
      if (isStill) return 'hung';
      if (inFlight === undefined) return 'ready';
      return inFlight > 0 ? 'busy' : 'idle';
  }
}

function secondsBetween(before: Sample | undefined, now: Sample): number {
  return Math.max(0.001, (now.figures.atMs - (before?.figures.atMs ?? now.figures.atMs - 1000)) / 1000);
}

/** What processes have together. */
export function memoryOf(
  uses: readonly { readonly rssBytes: number; readonly pssBytes?: number; readonly ussBytes?: number }[],
): Memory {
  return sumOf(
    uses.map(({ rssBytes, pssBytes, ussBytes }) => ({ rss: rssBytes, pss: pssBytes, uss: ussBytes })),
  );
}

/** PSS adds up, RSS counts shared pages more than once. */
function sumOf(all: readonly Memory[]): Memory {
  const add = (values: readonly (number | undefined)[]): number | undefined =>
    values.length === 0 || values.includes(undefined)
      ? undefined
      : (values as number[]).reduce((sum, value) => sum + value, 0);
  return {
    rss: add(all.map(({ rss }) => rss)) ?? 0,
    pss: add(all.map(({ pss }) => pss)),
    uss: add(all.map(({ uss }) => uss)),
  };
}

function requestsOf(
  before: Sample | undefined,
  { figures: { count } }: Sample,
  seconds: number,
): Pick<Model, 'rate' | 'clientErrors' | 'serverErrors' | 'quantiles'> {
  const last = before?.figures.count;
  if (count === undefined || last === undefined)
    return { rate: undefined, clientErrors: 0, serverErrors: 0, quantiles: undefined };
  const requests = Math.max(0, count.requests - last.requests);
  const part = (now: number, then: number): number =>
    requests === 0 ? 0 : Math.max(0, now - then) / requests;
  const durations = count.durations.map((number, at) => number - (last.durations[at] ?? 0));
  const at = (part: number): number => quantile(durations, part);
  return {
    rate: requests / seconds,
    clientErrors: part(count.clientErrors, last.clientErrors),
    serverErrors: part(count.serverErrors, last.serverErrors),
    quantiles: requests === 0 ? undefined : { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
  };
}
