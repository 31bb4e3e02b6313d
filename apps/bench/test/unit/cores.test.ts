import test from 'ava';
import { parseCores } from '../../src/cores.ts';

test("the kernel's list of cores is read, ranges and single ones", (t) => {
  t.deepEqual(parseCores('0-1'), [0, 1]);
  t.deepEqual(parseCores('3'), [3]);
  t.deepEqual(parseCores('0,2-4,7'), [0, 2, 3, 4, 7]);
});
