import type { Settings } from '@gunicorn-ts/interface';
import test from 'ava';
import { serviceMode } from '../../src/mode.ts';

const cases = [
  ['sync', 'one', 1, 'sync', 1],
  ['sync', 'many', 4, 'threads', 4],
  ['gthread', 'many', 1, 'threads', 1],
  ['gthread', 'many', 8, 'threads', 8],
  ['event', 'many', 1, 'sync', 1],
  ['event', 'many', 3, 'threads', 3],
  ['gevent', 'many', 1, 'gevent', 50],
] as const;

for (const [workerClass, concurrency, threads, program, lanes] of cases) {
  test(`${workerClass} with ${threads} threads, serving ${concurrency}, means ${program} with ${lanes} lanes`, (t) => {
    const settings = { workerClass, threads, workerConnections: 50 } as unknown as Settings;
    t.deepEqual(serviceMode({ settings, concurrency }), { program, lanes });
  });
}

test('greenlets get 100 lanes at most', (t) => {
  const settings = { workerClass: 'gevent', workerConnections: 1000 } as unknown as Settings;
  t.is(serviceMode({ settings, concurrency: 'many' }).lanes, 100);
});
