import test from 'ava';
import type { SettingDefinition, WorkerClass } from '@gunicorn-ts/interface';
import { builtinDefinitions } from '../../src/registry.ts';
import { findIgnored } from '../../src/ignored-settings.ts';
import { sectionsOf } from '../../src/section.ts';
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

test('Settings of the worker class stand under the heading that they name, a new one behind ours', (t) => {
  const mine = { ...setting('greeting', '--greeting'), section: 'Manners' };
  const settings = [mine, setting('verbose', '--verbose')];
  const definitions = addWorkerSettings(builtinDefinitions, workerClass({ settings }));
  const sections = sectionsOf(definitions);
  t.deepEqual(sections.at(-1), { section: 'Manners', members: [mine] });
  t.is(sections.find(({ section }) => section === 'Logging')?.members.at(-1)?.key, 'verbose');
});

const sources = {
  keepalive: { kind: 'file', path: 'gunicorn.conf.ts' },
  requestTimeout: { kind: 'flag', flag: '--request-timeout' },
  timeout: { kind: 'flag', flag: '--timeout' },
  preRequest: { kind: 'file', path: 'gunicorn.conf.ts' },
} as const;

const ignored: [title: string, changed: Partial<WorkerClass>, values: object, keys: string[]][] = [
  ['what it ignores', { ignores: ['requestTimeout'] }, { requestTimeout: 9 }, ['requestTimeout']],
  ['a hook', { ignores: ['preRequest'] }, { preRequest() {} }, ['preRequest']],
  ['what it honours', {}, { requestTimeout: 9, timeout: 9, keepalive: 9 }, []],
  ['what says the default', { ignores: ['requestTimeout'] }, { requestTimeout: 0 }, []],
  ['keepalive, where no connection is kept', { serves: sync() }, { keepalive: 75 }, ['keepalive']],
  ['what nobody gave', { ignores: ['gracefulTimeout'] }, { gracefulTimeout: 9 }, []],
];

for (const [title, changed, values, keys] of ignored) {
  test(`A worker class is ${keys.length === 0 ? 'not ' : ''}said to ignore ${title}`, (t) => {
    const found = findIgnored(workerClass(changed), builtinDefinitions, { values: { ...values }, sources });
    t.deepEqual(
      found.map(({ setting: key }) => key),
      keys,
    );
    for (const { message } of found) t.is(message, 'has no effect with worker class "mine"');
  });
}

function sync(): WorkerClass['serves'] {
  return { kinds: ['node'], concurrency: 'one', keepAlive: false, tls: true };
}

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
