import test from 'ava';
import { Random } from '../../src/random.ts';
import { plan } from '../../src/plan.ts';

test('the same seed makes the same plan, another one another', (t) => {
  const asked = { only: ['reload', 'scale', 'recycle', 'upgrade', 'stop'], times: 3 } as const;
  const first = plan(asked, new Random(7), 5);
  t.deepEqual(plan(asked, new Random(7), 5), first);
  t.notDeepEqual(plan(asked, new Random(8), 5), first);
  t.is(first.length, 12);
  t.deepEqual(first.slice(-3), ['upgrade', 'upgrade', 'upgrade']);
});
