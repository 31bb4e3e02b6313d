import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforePython } from '@gunicorn-ts/test-kit';
import test from 'ava';

const folder = fileURLToPath(new URL('../../child', import.meta.url));
const lacksPython = spawnSync('python3', ['--version']).status !== 0;

const made = beforePython(test);

test('the Python program passes its own tests', async (t) => {
  // On a busy machine it takes ten times what it takes alone.
  t.timeout(540_000);
  if (lacksPython) {
    t.log('skipped: there is no python3');
    t.pass();
    return;
  }
  // With gevent, where it can be had.
  const environment = made();
  const python = environment.kind === 'ready' ? environment.python : 'python3';
  const { code, output } = await run(python, ['-m', 'unittest', 'discover', '-t', '.', '-s', 'tests']);
  t.is(code, 0, output);
  t.regex(output, /Ran \d\d+ tests/);
});

test('the types of the Python program hold under mypy --strict', async (t) => {
  t.timeout(300_000);
  if (lacksPython || spawnSync('python3', ['-m', 'mypy', '--version']).status !== 0) {
    t.log('skipped: mypy is not installed for python3');
    t.pass();
    return;
  }
  const { code, output } = await run('python3', ['-m', 'mypy', 'gunicorn_master.py', 'gunicorn_ts']);
  t.is(code, 0, output);
});

function run(command: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
