import test from 'ava';
import { addFailures, countFailures, describeFailures, NO_FAILURES } from '../../src/failures.ts';

test('failures are counted over their kinds, and only the kinds that happened are named', (t) => {
  const some = addFailures({ ...NO_FAILURES, reset: 2 }, { ...NO_FAILURES, timeout: 1, reset: 1 });
  t.is(countFailures(some), 4);
  t.is(describeFailures(some), '3 reset, 1 timeout');
  t.is(describeFailures(NO_FAILURES), '');
});
