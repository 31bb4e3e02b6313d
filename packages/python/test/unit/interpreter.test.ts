import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { findInterpreter } from '../../src/interpreter.ts';

const place = { cwd: '/srv', env: {}, interpreter: undefined };

test('the interpreter is the one that is named, else that of the launcher, of the virtual environment, or python3', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gunicorn-venv-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/real'), '#!/bin/sh\n');
  chmodSync(join(folder, 'bin/real'), 0o755);
  symlinkSync('real', join(folder, 'bin/python'));
  t.deepEqual(findInterpreter(place), { command: 'python3', chosenBy: 'the default' });
  t.is(findInterpreter({ ...place, env: { VIRTUAL_ENV: folder } }).command, join(folder, 'bin/python'));
  const env = { VIRTUAL_ENV: '/nowhere', GUNICORN_TS_PYTHON: join(folder, 'bin/python') };
  t.is(findInterpreter({ ...place, env }).command, join(folder, 'bin/python'));
  t.is(findInterpreter({ ...place, interpreter: 'pypy3' }).command, 'pypy3');
  t.is(findInterpreter({ ...place, env, interpreter: 'pypy3' }).command, 'pypy3');
  t.is(
    findInterpreter({ ...place, cwd: folder, interpreter: 'bin/python' }).command,
    join(folder, 'bin/python'),
  );
});

test('what is named and cannot be run is refused with its reason, and no other interpreter is taken', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gunicorn-venv-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'bin'));
  symlinkSync('/nowhere/python3', join(folder, 'bin/python'));
  writeFileSync(join(folder, 'text'), '');
  for (const [found, expected] of [
    [{ ...place, env: { VIRTUAL_ENV: '/nowhere/venv' } }, /VIRTUAL_ENV.*there is no folder \/nowhere/],
    [{ ...place, env: { VIRTUAL_ENV: folder } }, /it leads to \/nowhere\/python3: there is no folder/],
    [{ ...place, interpreter: folder }, /that is a folder; name the file of an interpreter/],
    [{ ...place, cwd: folder, interpreter: './text' }, /this user may not execute it/],
  ] as const) {
    t.regex(t.throws(() => findInterpreter(found), { code: 'ERR_PYTHON_UNUSABLE' }).message, expected);
  }
});
