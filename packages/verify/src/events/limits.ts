import { setTimeout as rest } from 'node:timers/promises';
import { servingWorkers } from '../copy/command.ts';
import { done, type Make, wrong } from './event.ts';

/** Longest time until processes were replaced. */
const LIMIT_MS = 60_000;
/** Processes that are to be replaced, for each worker. */
const TIMES = 2;

/**
 * A copy whose processes soon are at a limit of the settings: they are replaced under load, one after the other. A worker
 * in Python has its own process replaced behind it, so processes are counted, whoever's they are.
 */
function atLimit(...words: readonly string[]): Make {
  return async ({ another }) => {
    const { server, end } = await another(...words);
    try {
      const { answer } = await server.tell('status');
      const workers = Number(answer['target']);
      const seen = new Set(server.processes());
      const first = seen.size;
      const deadline = performance.now() + LIMIT_MS;
      while (seen.size - first < TIMES * workers && performance.now() < deadline) {
        await rest(50);
        for (const pid of server.processes()) seen.add(pid);
      }
      const count = seen.size - first;
      if (count < TIMES * workers)
        return wrong(`${count} processes were replaced within ${LIMIT_MS / 1000} s with ${words.join(' ')}`);
      const serving = await servingWorkers(server);
      return serving.length > 0
        ? done(`${count} processes were replaced`)
        : wrong(`no worker serves with ${words.join(' ')}`);
    } finally {
      await end();
    }
  };
}

export const maxRequests: Make = atLimit('--max-requests=20', '--max-requests-jitter=20');

/** No worker has so little: each is over its limit when it is looked at first. */
export const memoryLimit: Make = atLimit('--max-worker-memory=1mb');
