import {
  chmodSync,
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makePrivateFolder, openMemoryFile, openNamedFile, openUnnamedFile } from '../../src/index.ts';

const NOBODY = { uid: 65_534, gid: 65_534 };
const onLinux = process.platform === 'linux' ? test : test.skip;
const asRoot = process.getuid?.() === 0 ? test : test.skip;

function folder(t: ExecutionContext): string {
  const path = mkdtempSync(join(tmpdir(), 'gunicorn-ts-'));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

const at = (path: string) => [{ folder: path, origin: 'the test' }];

test('an unnamed file keeps what is written, and is nowhere to be seen', (t) => {
  const path = folder(t);
  const fd = openUnnamedFile('a test', at(path));
  t.teardown(() => closeSync(fd));
  writeSync(fd, 'kept');
  const read = Buffer.alloc(4);
  readSync(fd, read, 0, 4, 0);
  t.is(read.toString(), 'kept');
  t.is(fstatSync(fd).mode & 0o777, 0o600);
  t.deepEqual(readdirSync(path), []);
});

onLinux('a file in memory has no place, and an owner and a mode like any other', (t) => {
  const fd = openMemoryFile('a test')!;
  t.teardown(() => closeSync(fd));
  const before = fstatSync(fd, { bigint: true }).ctimeNs;
  if (process.getuid?.() === 0) fchownSync(fd, NOBODY.uid, NOBODY.gid);
  fchmodSync(fd, 0o400);
  t.is(fstatSync(fd).mode & 0o777, 0o400);
  t.not(fstatSync(fd, { bigint: true }).ctimeNs, before);
});

test('a named file is its owner’s alone, and never one that is there', (t) => {
  const path = folder(t);
  const one = openNamedFile('a test', at(path));
  const other = openNamedFile('a test', at(path));
  t.teardown(() => [one, other].forEach(({ fd }) => closeSync(fd)));
  t.not(one.path, other.path);
  t.is(statSync(one.path).mode & 0o777, 0o600);
});

asRoot('a private folder lies where its visitor can go, and stays that of root', (t) => {
  const path = folder(t);
  const [closed, open] = [join(path, 'closed'), join(path, 'open')];
  mkdirSync(closed, { mode: 0o700 });
  mkdirSync(open, { mode: 0o755 });
  // mkdtemp made the folder around them for root alone.
  t.throws(() => makePrivateFolder('a test', at(open), NOBODY), { code: 'ERR_NO_TEMPORARY_PLACE' });
  chmodSync(path, 0o755);
  const made = makePrivateFolder('a test', [...at(closed), ...at(open)], NOBODY);
  t.true(made.startsWith(open));
  t.like(statSync(made), { uid: 0, gid: process.getegid?.() });
  t.is(statSync(made).mode & 0o777, 0o711);
  t.deepEqual(readdirSync(closed), []);
});
