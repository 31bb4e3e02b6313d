import { globSync } from 'node:fs';
import test from 'ava';
import { ROOT } from '../../src/assemble.ts';
import { GROUPS } from '../../src/navigation.ts';

test('every page of docs/ stands in the side bar, once', (t) => {
  const there = globSync('docs/*.md', { cwd: ROOT }).sort();
  const shown = GROUPS.flatMap(({ entries }) => entries.map(({ source }) => source));
  t.deepEqual(shown.filter((source) => source.startsWith('docs/')).sort(), there);
  t.is(new Set(shown).size, shown.length);
});
