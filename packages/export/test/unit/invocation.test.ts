import type { Invocation, LoadedSettings } from '@gunicorn-ts/interface';
import test from 'ava';
import { defaultSettings } from '../../../config/test/unit/default-settings.ts';
import { placeAt, withoutVariables } from '../../src/invocation.ts';

const STARTED: Invocation = {
  program: ['/usr/bin/node', '/opt/gunicorn.js'],
  isLauncher: false,
  argv: ['-w', '2', '--chdir', 'shop', '-c', 'conf.ts', 'app.ts'],
  cwd: '/srv',
};

const loaded = (chdir: string, folder = chdir): LoadedSettings =>
  ({
    settings: { ...defaultSettings(), chdir },
    folder,
    configFile: '/srv/conf.ts',
  }) as unknown as LoadedSettings;

test('a server that is started in the folder of its application is started there', (t) => {
  t.is(placeAt(loaded('/srv'), STARTED), STARTED);
});

test('a server that is started elsewhere starts in the folder of its application, by absolute paths', (t) => {
  const { cwd, argv } = placeAt(loaded('/srv/shop'), STARTED);
  t.is(cwd, '/srv/shop');
  t.deepEqual(argv, ['-w', '2', 'app.ts', '--config', '/srv/conf.ts', '--chdir', '/srv/shop']);
});

test('a server in a folder that is reached by a link names the folder, and the script by the link', (t) => {
  const script = '/releases/1/node_modules/gunicorn-ts/dist/bin.js';
  const program = ['/usr/bin/node', script] as const;
  const started = placeAt(loaded('/srv', '/releases/1'), { ...STARTED, program, argv: ['app.ts'] });
  t.is(started.cwd, '/srv');
  t.deepEqual(started.program, ['/usr/bin/node', '/srv/node_modules/gunicorn-ts/dist/bin.js']);
  t.deepEqual(started.argv, ['app.ts', '--config', '/srv/conf.ts', '--chdir', '/srv']);
});

test('a launcher in such a folder is named by the link, too', (t) => {
  const program = ['/releases/1/venv/bin/python', '-m', 'gunicorn_ts'] as const;
  const started = placeAt(loaded('/srv', '/releases/1'), { ...STARTED, program, isLauncher: true });
  t.deepEqual(started.program, ['/srv/venv/bin/python', '-m', 'gunicorn_ts']);
});

test('what stands behind -- stays there', (t) => {
  const { argv } = placeAt(loaded('/srv/shop'), { ...STARTED, argv: ['--chdir=shop', '--', '-odd.ts'] });
  t.deepEqual(argv, ['--config', '/srv/conf.ts', '--chdir', '/srv/shop', '--', '-odd.ts']);
});

test('secrets are taken out of the arguments, however they are written', (t) => {
  const argv = ['-e', 'KEY=1', '--env', 'A=2', '--env=KEY=3', '-eKEY=4', '-e=KEY=5', '-eB=6', 'KEY=7'];
  t.deepEqual(withoutVariables(argv, ['KEY']), ['--env', 'A=2', '-eB=6', 'KEY=7']);
});
