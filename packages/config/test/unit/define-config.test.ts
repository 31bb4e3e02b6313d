import test from 'ava';
import { defineConfig } from '@gunicorn-ts/interface';
import { builtinDefinitions } from '../../src/registry.ts';

test('An editor refuses what the server would refuse, and takes the handy forms', (t) => {
  // @ts-expect-error -- a misspelt key
  const misspelt = defineConfig({ workres: 1 });
  // @ts-expect-error -- a value of another type
  const wrongType = defineConfig({ timeout: '30' });
  // @ts-expect-error -- a hook is called with one argument
  const wrongHook = defineConfig({ postFork: (worker, further) => further });
  const handy = defineConfig({
    workers: 'auto',
    bind: ':80',
    umask: '077',
    maxWorkerMemory: '512mb',
    rawEnv: 'A=1',
  });
  t.deepEqual(Object.keys({ ...misspelt, ...wrongType, ...wrongHook }), ['workres', 'timeout', 'postFork']);
  for (const [key, value] of Object.entries(handy)) {
    t.notThrows(() => builtinDefinitions.find((definition) => definition.key === key)?.parse(value), key);
  }
});
