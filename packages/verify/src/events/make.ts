import { setTimeout as rest } from 'node:timers/promises';
import { type Operated, servingWorkers, type Told } from '../copy/command.ts';
import { done, type Make, type Result, wrong } from './event.ts';
import { hang } from './hang.ts';
import { killArbiter } from './kill-arbiter.ts';
import { maxRequests, memoryLimit } from './limits.ts';
import type { EventName } from './names.ts';
import { isGone, isReplaced, SUCCESSOR_MS } from './successor.ts';

/** The end of the copy is judged by itself: see `stop.ts`. */
export type RepeatedEvent = Exclude<EventName, 'stop'>;

function outcome(told: Told, note: string): Result {
  return told.code === 0 ? done(note) : wrong(reasonOf(told));
}

function reasonOf({ code, answer }: Told): string {
  const reason = answer['error'] ?? answer['reason'];
  return typeof reason === 'string' ? reason : `it ended with ${String(code)}`;
}

export const reload: Make<Operated> = async ({ server }) => {
  const told = await server.tell('reload', '--until', 'complete');
  return outcome(told, `${String(told.answer['workers'] ?? '')} workers serve anew`.trim());
};

/** A file that the settings read is gone for a moment: the reload must be refused, and the workers go on. */
const brokenReload: Make = async ({ server }) => {
  const before = await pidsOf(server);
  server.break(true);
  try {
    const told = await server.tell('reload');
    if (told.code === 0) return wrong('a reload without a file that the settings name was taken');
    const after = await pidsOf(server);
    const same = before.length === after.length && before.every((pid) => after.includes(pid));
    return same ? done('refused, the workers went on') : wrong('a refused reload replaced workers');
  } finally {
    server.break(false);
  }
};

export const scale: Make<Operated> = async ({ server }) => {
  const count = (await servingWorkers(server)).length;
  const up = await server.tell('scale', '+2');
  if (up.code !== 0) return wrong(reasonOf(up));
  const down = await server.tell('scale', '-2');
  return outcome(down, `${count} → ${count + 2} → ${count} workers`);
};

const recycle: Make = async ({ server, random }) => {
  const { pid } = random.pick(await servingWorkers(server));
  const told = await server.tell('restart-worker', String(pid));
  return outcome(told, `worker ${pid} was replaced`);
};

const reopenLogs: Make = async ({ server }) => outcome(await server.tell('reopen-logs'), 'opened anew');

const drain: Make = async ({ server }) => {
  const drained = await server.tell('drain');
  await rest(200);
  const resumed = await server.tell('resume');
  return outcome(drained.code === 0 ? resumed : drained, 'not ready, and ready again');
};

const killWorker: Make = async ({ server, ledger, random }) => {
  const before = await servingWorkers(server);
  const { pid } = random.pick(before);
  const killedAt = ledger.now();
  process.kill(pid, 'SIGKILL');
  await isGone(pid, SUCCESSOR_MS);
  const heldUntil = ledger.now();
  const result = (await isReplaced(server, { pid, count: before.length, limitMs: SUCCESSOR_MS }))
    ? done(`worker ${pid} got KILL`)
    : wrong(`worker ${pid} got KILL, and no successor within ${SUCCESSOR_MS / 1000} s`);
  return { ...result, killedAt, heldUntil };
};

const upgrade: Make = async ({ server }) => {
  const told = await server.tell('upgrade');
  return outcome(told, `arbiter ${String(told.answer['older'])} → ${String(told.answer['pid'])}`);
};

async function pidsOf(server: Operated): Promise<readonly number[]> {
  return (await servingWorkers(server)).map(({ pid }) => pid);
}

export const MAKE: Readonly<Record<RepeatedEvent, Make>> = {
  reload,
  'broken-reload': brokenReload,
  scale,
  recycle,
  'reopen-logs': reopenLogs,
  drain,
  'kill-worker': killWorker,
  hang,
  'max-requests': maxRequests,
  'memory-limit': memoryLimit,
  'kill-arbiter': killArbiter,
  upgrade,
};
