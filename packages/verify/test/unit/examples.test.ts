import test from 'ava';
import { examples, startWords } from '../examples/examples.ts';

test('every example is started by the command, so that verify can start its copy', (t) => {
  const all = examples();
  t.true(all.length > 10);
  for (const { name } of all) t.notThrows(() => startWords(name));
});
