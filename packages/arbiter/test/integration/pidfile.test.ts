import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { processStat } from '@gunicorn-ts/posix';
import test, { type ExecutionContext } from 'ava';
import { Pidfile } from '../../src/pidfile.ts';

const NOBODY = 65_534;
const asRoot = process.getuid?.() === 0 ? test : test.skip;
const PID = `${process.pid}\n`;

function folder(t: ExecutionContext): string {
  const path = mkdtempSync(join(tmpdir(), 'gunicorn-ts-'));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

test('it holds the id, moves within its folder, and is removed', (t) => {
  const path = folder(t);
  const pidfile = new Pidfile(join(path, 'app.pid.2'));
  t.is(readFileSync(pidfile.path, 'utf8'), PID);
  pidfile.rename(join(path, 'app.pid'));
  t.deepEqual(readdirSync(path), ['app.pid']);
  pidfile.remove();
  t.deepEqual(readdirSync(path), []);
});

test('that of another process stays', (t) => {
  const path = folder(t);
  const pidfile = new Pidfile(join(path, 'app.pid'));
  writeFileSync(pidfile.path, '1\n');
  pidfile.remove();
  t.deepEqual(readdirSync(path), ['app.pid']);
});

test('a server that has ended and that nobody waited for keeps nobody from starting, one that runs does', async (t) => {
  const file = join(folder(t), 'app.pid');
  // `exec` leaves a process that waits for no child, as process 1 of many containers does not.
  const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.teardown(() => parent.kill('SIGKILL'));
  const [text] = (await once(parent.stdout, 'data')) as [Buffer];
  for (let look = 0; look < 1000 && processStat(Number(text))?.state !== 'Z'; look++) await rest(5);
  writeFileSync(file, `${Number(text)}\n`);
  t.is(readFileSync(new Pidfile(file).path, 'utf8'), PID);
  writeFileSync(file, `${parent.pid}\n`);
  t.throws(() => new Pidfile(file), { code: 'ERR_ALREADY_RUNNING' });
});

test('one whose folder is gone is no failure at the end', (t) => {
  const path = join(folder(t), 'run');
  mkdirSync(path);
  const pidfile = new Pidfile(join(path, 'app.pid'));
  rmSync(path, { recursive: true });
  t.notThrows(() => pidfile.remove());
});

test('no file that was there is opened to write: neither the name it gets first can be known, nor is a link followed', (t) => {
  const path = folder(t);
  const victim = join(path, 'victim');
  writeFileSync(victim, 'precious');
  for (const name of ['app.pid', `.app.pid.${process.pid}`, `app.pid.${process.pid}`])
    symlinkSync(victim, join(path, name));
  const pidfile = new Pidfile(join(path, 'app.pid'));
  t.is(readFileSync(victim, 'utf8'), 'precious');
  t.true(lstatSync(pidfile.path).isFile());
});

test('a FIFO in its place does not stop the start', (t) => {
  const path = join(folder(t), 'app.pid');
  execFileSync('mkfifo', [path]);
  t.is(readFileSync(new Pidfile(path).path, 'utf8'), PID);
});

asRoot('a folder that is another user’s link to one of root is refused', (t) => {
  const path = folder(t);
  const theirs = join(path, 'theirs');
  const safe = join(path, 'safe');
  for (const made of [theirs, safe]) mkdirSync(made);
  chownSync(theirs, NOBODY, NOBODY);
  symlinkSync(safe, join(theirs, 'run'));
  lchownSync(join(theirs, 'run'), NOBODY, NOBODY);
  t.throws(() => new Pidfile(join(theirs, 'run/app.pid')), {
    code: 'ERR_PIDFILE',
    message: /is a link of the user with id 65534, and root does not follow it/,
  });
  t.deepEqual(readdirSync(safe), []);
});
