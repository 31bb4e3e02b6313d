import { setTimeout as rest } from 'node:timers/promises';
import { done, type Make, wrong } from './event.ts';

/** Longest time that workers may go on without an arbiter. */
const ORPHANS_MS = 15_000;

/** The arbiter is killed: its workers finish what they have and leave, and the next start finds the address free. */
export const killArbiter: Make = async ({ server, ledger }) => {
  const { answer } = await server.tell('status');
  const pid = Number(answer['pid']);
  const killedAt = ledger.now();
  process.kill(pid, 'SIGKILL');
  const deadline = performance.now() + ORPHANS_MS;
  while (server.processes().length > 0 && performance.now() < deadline) await rest(20);
  const took = `${((ledger.now() - killedAt) / 1000).toFixed(1)} s`;
  const left = server.processes();
  if (left.length > 0) {
    const names = left.join(', ');
    return {
      ...wrong(`arbiter ${pid} got KILL, and ${took} later there was still process ${names}`),
      killedAt,
    };
  }
  await server.startAgain();
  return { ...done(`the workers left after ${took}, and the next start took the port`), killedAt };
};
