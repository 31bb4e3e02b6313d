import test from 'ava';
import type { SettingDefinition, WorkerClass } from '@gunicorn-ts/interface';
import { builtinDefinitions } from '../../src/registry.ts';
import { addWorkerSettings } from '../../src/worker-class.ts';

function workerClass(changed: Partial<WorkerClass>): WorkerClass {
  return {
    name: 'mine',
    interfaceVersion: 1,
    serves: { kinds: ['node'], concurrency: 'many', keepAlive: true, tls: true },
    start: () => Promise.reject(new Error('is not started here')),
    ...changed,
  };
}

function setting(key: string, flag: string, short?: string): SettingDefinition {
  const names = { names: [flag], kind: 'value' as const, ...(short === undefined ? {} : { short }) };
  return { key, section: 'Logging', describe: 'One of mine.', default: 1, parse: Number, flag: names };
}

test('Settings of the worker class come last and under their own heading', (t) => {
  const definitions = addWorkerSettings(
    builtinDefinitions,
    workerClass({ settings: [setting('greeting', '--greeting')] }),
  );
  t.is(definitions.length, builtinDefinitions.length + 1);
  t.is(definitions.at(-1)?.section, 'Worker Class');
});

const refused: [title: string, changed: Partial<WorkerClass>, message: RegExp][] = [
  [
    'another version of the contract',
    { interfaceVersion: 2 as 1 },
    /version 2 of the worker interface, and this is version 1/,
  ],
  ['a key that exists', { settings: [setting('workers', '--mine')] }, /setting "workers" that exists/],
  ['a flag that exists', { settings: [setting('mine', '--log-file')] }, /flag --log-file that exists/],
  ['a short flag that exists', { settings: [setting('mine', '--mine', '-c')] }, /flag -c that exists/],
  [
    'one key twice',
    { settings: [setting('mine', '--a'), setting('mine', '--b')] },
    /setting "mine" that exists/,
  ],
  ['one flag twice', { settings: [setting('a', '--a'), setting('b', '--a')] }, /flag --a that exists/],
];

for (const [title, changed, message] of refused) {
  test(`A worker class with ${title} is refused`, (t) => {
    t.throws(() => addWorkerSettings(builtinDefinitions, workerClass(changed)), {
      message,
      code: 'ERR_WORKER_CLASS',
    });
  });
}
