import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import anyTest, { type ExecutionContext } from 'ava';
import { readPythonConfig } from '@gunicorn-ts/python';

const test = spawnSync('python3', ['--version']).status === 0 ? anyTest : anyTest.skip;

async function read(t: ExecutionContext, text: string): ReturnType<typeof readPythonConfig> {
  const cwd = mkdtempSync(join(tmpdir(), 'gunicorn-conf-'));
  t.teardown(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(join(cwd, 'gunicorn.conf.py'), text);
  writeFileSync(join(cwd, 'shared.py'), 'workers = 7\n');
  const path = text === '' ? 'python:shared' : join(cwd, 'gunicorn.conf.py');
  const names = await readPythonConfig(path, { cwd, env: process.env, interpreter: undefined });
  // It waits to fork an application, and would keep the test's process.
  t.teardown(() => names.process?.close());
  return names;
}

test('what a file sets comes as values, functions and objects', async (t) => {
  const names = await read(
    t,
    `
import logging, os
from pathlib import Path
from shared import workers
print("chatter")
_private = 1
bind = ("127.0.0.1:8000", "unix:/run/x.sock")
pidfile = Path("/run/x.pid")
secure_scheme_headers = {"X-A": "on"}
class Mine(logging.Logger): pass
logger_class = Mine
def post_fork(server, worker): pass
when_ready = lambda server: None
`,
  );
  t.like(names, {
    values: {
      workers: 7,
      bind: ['127.0.0.1:8000', 'unix:/run/x.sock'],
      pidfile: '/run/x.pid',
      secure_scheme_headers: { 'X-A': 'on' },
    },
    functions: { post_fork: 2, when_ready: 1 },
    objects: { logger_class: '__config__.Mine' },
  });
  t.false('_private' in names.values);
});

test('a module is imported from the launch directory', async (t) => {
  t.is((await read(t, '')).values['workers'], 7);
});

test('what the file throws comes with its traceback', async (t) => {
  const error = await t.throwsAsync(read(t, 'workers = 1\nraise ValueError("on purpose")\n'));
  t.regex(error.message, /^ValueError: on purpose\nTraceback .*gunicorn\.conf\.py", line 2/s);
});

test('a file that exits is a failure like any other', async (t) => {
  const error = await t.throwsAsync(read(t, 'raise SystemExit(3)\n'));
  t.regex(error.message, /^SystemExit: 3/);
});

anyTest('an interpreter that is not there is named', async (t) => {
  const place = { cwd: '/', env: process.env, interpreter: '/nowhere/python' };
  const error = await t.throwsAsync(readPythonConfig('/nowhere.py', place), { code: 'ERR_PYTHON_UNUSABLE' });
  t.regex(error.message, /\/nowhere\/python \(the setting python\).*--python/);
});
