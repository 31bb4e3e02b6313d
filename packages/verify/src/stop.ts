import { setTimeout as rest } from 'node:timers/promises';
import { settingOf, type Told } from './copy/command.ts';
import type { CopiedServer } from './copy/copied-server.ts';
import type { Happened } from './events/event.ts';
import type { Verdict } from './judge.ts';
import type { Entry, Ledger } from './load/ledger.ts';

/** Beyond the grace that a server gives its workers: milliseconds. */
const LONGER_MS = 5000;
const LEFT_MS = 3000;
/** Longest time until a server that is told to stop no longer listens. */
const REFUSED_MS = 10_000;

/** A stop under load: what was taken is answered, who comes later is refused, and the server ends in time. */
export async function stopUnderLoad(
  server: CopiedServer,
  ledger: Ledger,
  quiet: () => Promise<void>,
): Promise<Happened> {
  const grace = (await settingOf(server, 'gracefulTimeout', 30)) * 1000;
  const from = ledger.now();
  const ended = server.tell('stop');
  // Clients go on until one is refused: then nobody listens any more.
  for (let waited = 0; waited < REFUSED_MS && refusedSince(ledger, from).length === 0; waited += 10)
    await rest(10);
  await quiet();
  const told = await Promise.race([ended, rest(grace + LONGER_MS, undefined, { ref: false })]);
  const took = (ledger.now() - from) / 1000;
  const note = `ended in ${took.toFixed(1)} s`;
  return {
    name: 'stop',
    from,
    to: ledger.now(),
    note,
    fault: faultOf(told, took, grace),
    killedAt: undefined,
    // On Linux the server has the kernel take nobody whom it would reset.
    ...(process.platform !== 'linux' && {
      closedAt: Math.min(...refusedSince(ledger, from).map(({ startedAt }) => startedAt)),
    }),
  };
}

function faultOf(told: Told | undefined, took: number, grace: number): string | undefined {
  if (told === undefined) return `it had not ended ${took.toFixed(1)} s after it was told to`;
  if (told.code !== 0)
    return `gunicorn stop ended with ${String(told.code)}: ${String(told.answer['error'] ?? 'it did not end')}`;
  if (took * 1000 < grace) return undefined;
  return `it took ${took.toFixed(1)} s, all of gracefulTimeout: a worker did not end by itself`;
}

function refusedSince(ledger: Ledger, from: number): readonly Entry[] {
  return ledger.lostBetween(from, Infinity).filter(({ failure }) => failure?.kind === 'refused');
}

/** Nothing of the copy is there any more. */
export async function judgeLeft(server: CopiedServer): Promise<Verdict> {
  const deadline = performance.now() + LEFT_MS;
  let left = server.processes();
  while (left.length > 0 && performance.now() < deadline) {
    await rest(50);
    left = server.processes();
  }
  const rests = [
    ...(left.length > 0 ? [`processes ${left.join(', ')}`] : []),
    ...(server.has('control') ? ['its control socket'] : []),
    ...(server.has('pid') ? ['its pid file'] : []),
  ];
  return {
    property: 'nothing is left behind',
    holds: rests.length === 0,
    detail: rests.length === 0 ? 'no process, no socket, no pid file' : `left: ${rests.join(', ')}`,
    lost: [],
  };
}
