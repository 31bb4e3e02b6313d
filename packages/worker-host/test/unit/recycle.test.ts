import type { Settings } from '@gunicorn-ts/interface';
import test from 'ava';
import { recycleLimits, RecycleWatch, residentBytes, type RecycleWish, wishFor } from '../../src/recycle.ts';

const settings = (some: Partial<Settings>): Settings =>
  ({ maxRequests: 0, maxRequestsJitter: 0, workerLifetime: 0, maxWorkerMemory: 0, ...some }) as Settings;
const never = { requests: Infinity, ageMs: Infinity, rssBytes: Infinity };

test('zero means never', (t) => {
  t.deepEqual(recycleLimits(settings({ maxRequestsJitter: 50 }), 0.5), never);
});

test('the jitter reaches from nothing to its whole', (t) => {
  const some = settings({ maxRequests: 100, maxRequestsJitter: 10 });
  t.is(recycleLimits(some, 0).requests, 100);
  t.is(recycleLimits(some, 0.9999).requests, 110);
});

test('seconds become milliseconds', (t) => {
  t.is(recycleLimits(settings({ workerLifetime: 90 }), 0).ageMs, 90_000);
});

test('age and memory are judged by their limits', (t) => {
  const limits = { requests: Infinity, ageMs: 60_000, rssBytes: 100 * 2 ** 20 };
  t.is(wishFor(limits, 59_999, 100 * 2 ** 20), undefined);
  t.deepEqual(wishFor(limits, 60_000, 0), { reason: 'lifetime', detail: '60 s old' });
  t.deepEqual(wishFor(limits, 0, 101 * 2 ** 20), { reason: 'memory', detail: '101 MB resident' });
});

test('the wish for a replacement is uttered once, at the request that reaches the limit', (t) => {
  const wishes: RecycleWish[] = [];
  const watch = new RecycleWatch({ ...never, requests: 3, ageMs: 0 }, (wish) => wishes.push(wish));
  watch.requestFinished();
  watch.requestFinished();
  t.deepEqual(wishes, []);
  for (let count = 0; count < 5; count += 1) watch.requestFinished();
  watch.look();
  t.deepEqual(wishes, [{ reason: 'max-requests', detail: '3 requests' }]);
});

test('the memory of another process is what the kernel says, and nothing where it does not', (t) => {
  const status = 'Name:\tpython3\nVmHWM:\t   99999 kB\nVmRSS:\t   51200 kB\nThreads:\t1\n';
  t.is(
    residentBytes(7, () => status),
    50 * 2 ** 20,
  );
  t.is(
    residentBytes(7, () => 'Name:\tpython3\nState:\tZ (zombie)\n'),
    0,
  );
  t.is(
    residentBytes(undefined, () => status),
    0,
  );
  t.is(
    residentBytes(7, () => {
      throw new Error('ENOENT');
    }),
    0,
  );
});
