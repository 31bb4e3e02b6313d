import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import test from 'ava';
import { duplicate, replaceDescriptor } from '../../src/index.ts';
import { temporaryPath } from './clients.ts';

test('a duplicate outlives its original', (t) => {
  const path = temporaryPath(t, 'file');
  const original = openSync(path, 'w');
  const copy = duplicate(original);
  closeSync(original);
  writeSync(copy, 'kept');
  closeSync(copy);
  t.is(readFileSync(path, 'utf8'), 'kept');
});

test('a replaced descriptor keeps its number and writes to the new file', (t) => {
  const [before, after] = [temporaryPath(t, 'before'), temporaryPath(t, 'after')];
  const fd = openSync(before, 'w');
  const next = openSync(after, 'w');
  writeSync(fd, 'old');
  replaceDescriptor(next, fd);
  closeSync(next);
  writeSync(fd, 'new');
  closeSync(fd);
  t.is(readFileSync(before, 'utf8'), 'old');
  t.is(readFileSync(after, 'utf8'), 'new');
});

test('a descriptor that is not open is refused', (t) => {
  t.throws(() => duplicate(99_999), { code: 'EBADF' });
  t.throws(() => replaceDescriptor(99_999, 1), { code: 'EBADF' });
});
