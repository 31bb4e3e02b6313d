import test from 'ava';
import { randomName } from '../../src/index.ts';

test('a name is of 16 random bytes, and none comes twice', (t) => {
  const names = Array.from({ length: 100 }, randomName);
  t.is(new Set(names).size, 100);
  for (const name of names) t.regex(name, /^[0-9a-f]{32}$/);
});
