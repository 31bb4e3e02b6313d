import test from 'ava';
import { DescriptorRoom, openFileLimit } from '../../src/index.ts';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             60000                60000                processes
Max open files            90                   4096                 files
`;

for (const [text, limit] of [
  [LIMITS, 90],
  [LIMITS.replace('90   ', 'unlimited'), Infinity],
  ['', Infinity],
] as const) {
  test(`of ${JSON.stringify(text.slice(-60))} the limit is ${limit}`, (t) => {
    t.is(openFileLimit(text), limit);
  });
}

test('this process has a limit', (t) => {
  t.true(openFileLimit() > 0);
});

test('there are few descriptors left from the reserve on', (t) => {
  const room = new DescriptorRoom(90, 16);
  t.deepEqual(
    [3, 73, 74, 89].map((fd) => room.isShort(fd)),
    [false, false, true, true],
  );
  t.true(new DescriptorRoom(3, 0).isShortNow());
  t.false(new DescriptorRoom().isShortNow());
});
