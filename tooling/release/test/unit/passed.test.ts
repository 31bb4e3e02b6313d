import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { Passed } from '../../src/passed.ts';

test('a step has passed for the sources that it passed with, until it fails', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'release-passed-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'cache/passed.json');
  const first = new Passed('one', file);
  t.false(first.has('types'));
  first.set('types', true);
  first.set('images', true);
  first.set('images', false);
  t.true(new Passed('one', file).has('types'));
  t.false(new Passed('one', file).has('images'));
  t.false(new Passed('other', file).has('types'));
  writeFileSync(file, 'half of a');
  t.false(new Passed('one', file).has('types'));
});
