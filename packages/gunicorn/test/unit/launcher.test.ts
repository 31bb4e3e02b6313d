import test from 'ava';
import { takeProgram } from '../../src/launcher.ts';

const taken = (launcher?: string): ReturnType<typeof takeProgram> =>
  takeProgram([launcher === undefined ? {} : { GUNICORN_TS_LAUNCHER: launcher }], '/srv/app');

test('without a launcher the command is Node.js with its flags and the script', (t) => {
  const { words, isLauncher } = taken();
  t.deepEqual(words, [process.execPath, ...process.execArgv, process.argv[1] ?? '']);
  t.false(isLauncher);
});

test('a launcher is started again by its own words, and from anywhere', (t) => {
  t.deepEqual(taken('["venv/bin/gunicorn"]'), { words: ['/srv/app/venv/bin/gunicorn'], isLauncher: true });
  t.deepEqual(taken('["/venv/bin/python","-m","gunicorn_ts"]').words, [
    '/venv/bin/python',
    '-m',
    'gunicorn_ts',
  ]);
});

test('what a launcher said is taken out of every environment, so that no application hands it on', (t) => {
  const [ours, process_] = [{ GUNICORN_TS_LAUNCHER: '["/x"]', A: '1' }, { GUNICORN_TS_LAUNCHER: '["/x"]' }];
  takeProgram([ours, process_], '/');
  t.deepEqual([ours, process_] as unknown[], [{ A: '1' }, {}]);
});

test('what no launcher wrote is no launcher', (t) => {
  for (const text of ['', '/venv/bin/gunicorn', '[]', '[1]', '{}']) t.false(taken(text).isLauncher, text);
});
