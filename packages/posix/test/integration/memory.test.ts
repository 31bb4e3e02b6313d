import { runInNewContext } from 'node:vm';
import test from 'ava';
import { releaseMemory } from '../../src/index.ts';

test('garbage is given back, and nothing that collects it is left for others to find', (t) => {
  let garbage: object[] = Array.from({ length: 400_000 }, (_, index) => ({ index }));
  const before = process.memoryUsage().rss;
  t.is(garbage.length, 400_000);
  garbage = [];
  releaseMemory();
  t.true(process.memoryUsage().rss < before - 5_000_000);
  t.is(globalThis.gc, undefined);
  t.is(runInNewContext('typeof gc'), 'undefined');
});
