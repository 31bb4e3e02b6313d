import test from 'ava';
import type { LoadedSettings } from '@gunicorn-ts/interface';
import { readPrintConfig, renderPrintConfig } from '../../src/print-config.ts';
import { builtinDefinitions } from '../../src/registry.ts';
import { defaultSettings } from './default-settings.ts';

test('Every setting is shown with its value and where it came from', (t) => {
  const loaded: LoadedSettings = {
    settings: {
      ...defaultSettings(),
      umask: 0o77,
      rawEnv: ['API_TOKEN=abc', 'MODE=a b'],
      bind: ['0.0.0.0:80'],
    },
    sources: {
      bind: { kind: 'default-env', variable: 'PORT' },
      umask: { kind: 'flag', flag: '-m' },
      rawEnv: { kind: 'file', path: '/srv/gunicorn.conf.ts', line: 4 },
      timeout: { kind: 'env', flag: '--timeout' },
    },
    hooks: { whenReady() {} },
    configFile: '/srv/gunicorn.conf.ts',
    folder: '/srv',
    environment: { SECRET: 'hush' },
    workerClass: undefined as never,
    workerModule: 'file:///x.js',
    loaderModules: [],
    definitions: builtinDefinitions,
    warnings: [],
  };
  const lines = new Map(
    renderPrintConfig(loaded)
      .split('\n')
      .map((line) => [line.split(' ', 1)[0], line.replaceAll(/ +/g, ' ')]),
  );
  t.is(lines.get('bind'), `bind = ['0.0.0.0:80'] # default from $PORT`);
  t.is(lines.get('umask'), 'umask = 0o077 # flag -m');
  t.is(lines.get('rawEnv'), `rawEnv = ['API_TOKEN=***', 'MODE=a b'] # /srv/gunicorn.conf.ts:4`);
  t.is(lines.get('timeout'), 'timeout = 30 # GUNICORN_CMD_ARGS --timeout');
  t.is(lines.get('whenReady'), 'whenReady = <whenReady()> # default');
  t.is(lines.get('pidfile'), 'pidfile = undefined # default');
  t.is(lines.size, builtinDefinitions.length);
});

test('What was printed is read again: each value, and its source behind the last mark', (t) => {
  const read = readPrintConfig(
    [
      "accessLogFormat = 'a # b'  # gunicorn.conf.ts:3",
      'bind            = []    # default',
      'noise',
      '',
    ].join('\n'),
  );
  t.deepEqual(
    [...read],
    [
      ['accessLogFormat', { value: "'a # b'", source: 'gunicorn.conf.ts:3' }],
      ['bind', { value: '[]', source: 'default' }],
    ],
  );
});
