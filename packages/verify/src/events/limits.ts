import { setTimeout as rest } from 'node:timers/promises';
import { servingWorkers } from '../copy/command.ts';
import { done, type Make, wrong } from './event.ts';

/** Longest time until workers were replaced. */
const LIMIT_MS = 60_000;
/** Workers that are to be replaced, for each that serves. */
const TIMES = 2;

/** A copy whose workers soon are at a limit of the settings: they are replaced under load, one after the other. */
function atLimit(...words: readonly string[]): Make {
  return async ({ another }) => {
    const { server, end } = await another(...words);
    try {
      const first = await servingWorkers(server);
      const wanted = Math.max(...first.map(({ age }) => age)) + TIMES * first.length;
      const deadline = performance.now() + LIMIT_MS;
      for (;;) {
        const serving = await servingWorkers(server);
        const newest = Math.max(0, ...serving.map(({ age }) => age));
        if (newest >= wanted && serving.length >= first.length)
          return done(`${newest - first.length} workers were replaced`);
        if (performance.now() > deadline)
          return wrong(`no worker ${wanted} within ${LIMIT_MS / 1000} s with ${words.join(' ')}`);
        await rest(100);
      }
    } finally {
      await end();
    }
  };
}

export const maxRequests: Make = atLimit('--max-requests=20', '--max-requests-jitter=20');

/** No worker has so little: each is over its limit when it is looked at first. */
export const memoryLimit: Make = atLimit('--max-worker-memory=1mb');
