import { chownSync, lchownSync, linkSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { createErrorLog, prepareLogFile } from '../../src/index.ts';
import { temporaryDirectory } from './child.ts';

const NOBODY = { uid: 65_534, gid: 65_534 };
const asRoot = process.getuid?.() === 0 ? test : test.skip;

test('a missing file is created, readable by all and written by its owner', (t) => {
  const path = join(temporaryDirectory(t), 'log');
  const umask = process.umask(0o022);
  t.teardown(() => void process.umask(umask));
  prepareLogFile(path);
  t.is(statSync(path).mode & 0o777, 0o644);
});

test('an existing file keeps its content', (t) => {
  const path = join(temporaryDirectory(t), 'log');
  writeFileSync(path, 'kept');
  prepareLogFile(path);
  t.is(readFileSync(path, 'utf8'), 'kept');
});

test('a file that cannot be created is refused, by the name of its setting', (t) => {
  const path = join(temporaryDirectory(t), 'missing/log');
  t.throws(() => prepareLogFile(path, undefined, 'accesslog'), {
    code: 'ERR_LOG_NOT_WRITABLE',
    message: /^accesslog '.*' cannot be written: ENOENT/,
  });
});

test('the standard stream is left alone', (t) => {
  t.notThrows(() => prepareLogFile('-', NOBODY));
});

asRoot('the file is given to the user that workers run as', (t) => {
  const path = join(temporaryDirectory(t), 'log');
  prepareLogFile(path, NOBODY);
  t.like(statSync(path), NOBODY);
  chownSync(path, 0, 0);
  prepareLogFile(path, NOBODY);
  t.like(statSync(path), NOBODY);
});

asRoot('a file behind a link of either kind is not given away', (t) => {
  const directory = temporaryDirectory(t);
  const victim = join(directory, 'victim');
  writeFileSync(victim, '');
  symlinkSync(victim, join(directory, 'symbolic'));
  prepareLogFile(join(directory, 'symbolic'), NOBODY);
  linkSync(victim, join(directory, 'hard'));
  prepareLogFile(join(directory, 'hard'), NOBODY);
  t.like(statSync(victim), { uid: 0, gid: 0 });
});

asRoot('a link that another user made is refused, by the name of its setting', (t) => {
  const directory = temporaryDirectory(t);
  const victim = join(directory, 'victim');
  writeFileSync(victim, 'precious');
  const link = join(directory, 'log');
  symlinkSync(victim, link);
  lchownSync(link, NOBODY.uid, NOBODY.gid);
  for (const open of [
    () => prepareLogFile(link, NOBODY),
    () => createErrorLog({ errorlog: link, loglevel: 'info', logFormat: 'text' }),
  ]) {
    t.throws(open, {
      code: 'ERR_LOG_NOT_WRITABLE',
      message: /^errorlog '.*' cannot be written: .* is a link of the user with id 65534/,
    });
  }
  t.is(readFileSync(victim, 'utf8'), 'precious');
});
