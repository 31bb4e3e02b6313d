import test from 'ava';
import { drainTime } from '../../src/drain.ts';

test('an ASGI application has a second of the time for its end, and a fifth of a short one', (t) => {
  t.is(drainTime('asgi', 30_000), 29_000);
  t.is(drainTime('asgi', 2000), 1600);
  t.is(drainTime('asgi', 0), 0);
  t.is(drainTime('wsgi', 30_000), 30_000);
  t.is(drainTime(undefined, 30_000), 30_000);
});
