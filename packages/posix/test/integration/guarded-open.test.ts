import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { HeldFolder, inFolderOf, openGuarded } from '../../src/index.ts';

const NOBODY = 65_534;
const { O_WRONLY, O_APPEND, O_CREAT } = constants;
const asRoot = process.getuid?.() === 0 ? test : test.skip;

interface Scene {
  /** Root's, with a file of root in it. */
  readonly safe: string;
  readonly victim: string;
  /** A folder of another user. */
  readonly theirs: string;
}

function scene(t: ExecutionContext): Scene {
  const around = mkdtempSync(join(tmpdir(), 'gunicorn-ts-'));
  t.teardown(() => rmSync(around, { recursive: true }));
  chmodSync(around, 0o755);
  const [safe, theirs] = [join(around, 'safe'), join(around, 'theirs')];
  for (const folder of [safe, theirs]) mkdirSync(folder);
  chownSync(theirs, NOBODY, NOBODY);
  const victim = join(safe, 'victim');
  writeFileSync(victim, 'precious');
  return { safe, victim, theirs };
}

function linkOf(uid: number, target: string, path: string): string {
  symlinkSync(target, path);
  lchownSync(path, uid, uid);
  return path;
}

function append(path: string): { readonly followed: boolean } {
  const { fd, followed } = openGuarded(path, O_WRONLY | O_APPEND | O_CREAT, 0o644);
  writeSync(fd, '+');
  closeSync(fd);
  return { followed };
}

asRoot('a link that another user made is not followed, wherever it lies', (t) => {
  const { safe, victim, theirs } = scene(t);
  for (const folder of [theirs, safe]) {
    const link = linkOf(NOBODY, victim, join(folder, 'app.log'));
    t.throws(() => append(link), { code: 'ERR_FOREIGN_LINK', message: /user with id 65534/ });
  }
  t.is(readFileSync(victim, 'utf8'), 'precious');
});

asRoot('a link of root is, also through another one', (t) => {
  const { victim, theirs } = scene(t);
  const link = linkOf(0, victim, join(theirs, 'app.log'));
  const further = linkOf(0, 'app.log', join(theirs, 'further'));
  t.deepEqual([append(link), append(further)], [{ followed: true }, { followed: true }]);
  t.is(readFileSync(victim, 'utf8'), 'precious++');
});

asRoot('a folder that another user’s link stands for is entered only where it is theirs', (t) => {
  const { safe, victim, theirs } = scene(t);
  const misleading = linkOf(NOBODY, safe, join(theirs, 'logs'));
  t.throws(() => append(join(misleading, 'victim')), { code: 'ERR_FOREIGN_LINK' });
  t.is(readFileSync(victim, 'utf8'), 'precious');
  const release = linkOf(NOBODY, theirs, join(theirs, 'current'));
  t.notThrows(() => append(join(release, 'app.log')));
  t.is(readFileSync(join(theirs, 'app.log'), 'utf8'), '+');
});

asRoot('a file of root is not written to under a second name in another user’s folder', (t) => {
  const { victim, theirs } = scene(t);
  linkSync(victim, join(theirs, 'app.log'));
  t.throws(() => append(join(theirs, 'app.log')), { code: 'ERR_SECOND_NAME' });
  t.is(readFileSync(victim, 'utf8'), 'precious');
});

asRoot('who is not root follows links as ever', (t) => {
  const { theirs } = scene(t);
  const link = linkOf(1, join(theirs, 'real.log'), join(theirs, 'app.log'));
  process.seteuid!(NOBODY);
  try {
    t.notThrows(() => append(link));
  } finally {
    process.seteuid!(0);
  }
  t.is(readFileSync(join(theirs, 'real.log'), 'utf8'), '+');
});

asRoot('who replaces the file by a link while it is opened never wins', async (t) => {
  const { victim, theirs } = scene(t);
  const log = join(theirs, 'app.log');
  const attack = `while :; do ln -sf '${victim}' '${log}'; rm -f '${log}'; : > '${log}'; done`;
  const attacker = spawn('sh', ['-c', attack], { uid: NOBODY, gid: NOBODY, stdio: 'ignore' });
  t.teardown(() => attacker.kill('SIGKILL'));
  let [opened, refused] = [0, 0];
  const deadline = performance.now() + 10_000;
  while ((opened < 20 || refused < 20) && performance.now() < deadline) {
    try {
      append(log);
      opened++;
    } catch {
      refused++;
    }
  }
  t.true(opened > 0 && refused > 0);
  t.is(readFileSync(victim, 'utf8'), 'precious');
});

test('what is missing is made, and an open file is reached by its number', (t) => {
  const { safe } = scene(t);
  t.deepEqual(append(join(safe, 'new.log')), { followed: false });
  const { fd } = openGuarded(join(safe, 'new.log'), O_WRONLY | O_APPEND, 0);
  t.teardown(() => closeSync(fd));
  append(`/proc/self/fd/${fd}`);
  append(`/dev/fd/${fd}`);
  t.is(readFileSync(join(safe, 'new.log'), 'utf8'), '+++');
});

test('links in a circle are an error and no endless search', (t) => {
  const { safe } = scene(t);
  symlinkSync('b', join(safe, 'a'));
  symlinkSync('a', join(safe, 'b'));
  t.throws(() => append(join(safe, 'a')), { code: 'ELOOP' });
  t.throws(() => append(join(safe, 'a', 'file')), { code: 'ELOOP' });
});

test('a held folder stays the same when another takes its place', (t) => {
  const { safe } = scene(t);
  const folder = HeldFolder.around(join(safe, 'file'));
  t.teardown(() => folder.close());
  renameSync(safe, `${safe}.moved`);
  mkdirSync(safe);
  writeFileSync(folder.at('file'), 'here');
  t.is(readFileSync(join(`${safe}.moved`, 'file'), 'utf8'), 'here');
  inFolderOf(join(safe, 'file'), (other, name) => t.is(other.lstat(name), undefined));
});
