import { setTimeout as rest } from 'node:timers/promises';
import type { Told } from '../copy/copied-server.ts';
import type { Make, Scene } from './event.ts';
import type { EventName } from './names.ts';

/** The end of the copy is judged by itself: see `stop.ts`. */
export type RepeatedEvent = Exclude<EventName, 'stop'>;

/** Longest time until a killed worker has its successor. */
const SUCCESSOR_MS = 30_000;

const done = (note: string) => ({ note, fault: undefined });
const wrong = (fault: string) => ({ note: '', fault });

function outcome(told: Told, note: string): ReturnType<typeof done> | ReturnType<typeof wrong> {
  return told.code === 0 ? done(note) : wrong(reasonOf(told));
}

function reasonOf({ code, answer }: Told): string {
  const reason = answer['error'] ?? answer['reason'];
  return typeof reason === 'string' ? reason : `it ended with ${String(code)}`;
}

const reload: Make = async ({ server }) => {
  const told = await server.tell('reload', '--until', 'complete');
  return outcome(told, `${String(told.answer['workers'] ?? '')} workers serve anew`.trim());
};

/** A file that the settings read is gone for a moment: the reload must be refused, and the workers go on. */
const brokenReload: Make = async ({ server }) => {
  const before = await pidsOf({ server });
  server.break(true);
  try {
    const told = await server.tell('reload');
    if (told.code === 0) return wrong('a reload without a file that the settings name was taken');
    const after = await pidsOf({ server });
    const same = before.length === after.length && before.every((pid) => after.includes(pid));
    return same ? done('refused, the workers went on') : wrong('a refused reload replaced workers');
  } finally {
    server.break(false);
  }
};

const scale: Make = async ({ server }) => {
  const count = (await server.workers()).length;
  const up = await server.tell('scale', '+2');
  if (up.code !== 0) return wrong(reasonOf(up));
  const down = await server.tell('scale', '-2');
  return outcome(down, `${count} → ${count + 2} → ${count} workers`);
};

const recycle: Make = async ({ server, random }) => {
  const { pid } = random.pick(await server.workers());
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
  const before = await server.workers();
  const { pid } = random.pick(before);
  const killedAt = ledger.now();
  process.kill(pid, 'SIGKILL');
  const deadline = performance.now() + SUCCESSOR_MS;
  while (performance.now() < deadline) {
    const now = await server.workers();
    const isReplaced = now.length >= before.length && now.every((worker) => worker.pid !== pid);
    if (isReplaced) return { ...done(`worker ${pid} got KILL`), killedAt };
    await rest(50);
  }
  return { ...wrong(`worker ${pid} got KILL, and no successor within ${SUCCESSOR_MS / 1000} s`), killedAt };
};

const upgrade: Make = async ({ server }) => {
  const told = await server.tell('upgrade');
  return outcome(told, `arbiter ${String(told.answer['older'])} → ${String(told.answer['pid'])}`);
};

async function pidsOf({ server }: Pick<Scene, 'server'>): Promise<readonly number[]> {
  return (await server.workers()).map(({ pid }) => pid);
}

export const MAKE: Readonly<Record<RepeatedEvent, Make>> = {
  reload,
  'broken-reload': brokenReload,
  scale,
  recycle,
  'reopen-logs': reopenLogs,
  drain,
  'kill-worker': killWorker,
  upgrade,
};
