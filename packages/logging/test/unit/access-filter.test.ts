import type { AccessExclusion } from '@gunicorn-ts/interface';
import test from 'ava';
import { compileAccessFilter } from '../../src/access-filter.ts';
import { accessRecord, type RecordChange } from './record.ts';

const settings = { accessLogExclude: [], accessLogSample: 1, accessLogSlow: 1 };
const probe = { requestHeaders: { 'user-agent': 'kube-probe/1.31' } };

const CASES: readonly [what: string, AccessExclusion, RecordChange, isWritten: boolean][] = [
  ['the path is that of the exclusion', { path: '/healthz' }, { target: '/healthz?full=1' }, false],
  ['the path is spelt in another way', { path: '/healthz' }, { target: '/health%7a' }, false],
  ['the path is longer', { path: '/healthz' }, { target: '/healthz/x' }, true],
  ['a star stands for the end', { path: '/static/*' }, { target: '/static/a/b.css' }, false],
  ['stars stand inside', { path: '/*/ping*x' }, { target: '/a/b/ping/xx' }, false],
  ['what is around a star does not overlap', { path: '/aa*aa' }, { target: '/aaa' }, true],
  ['the agent fits, in other capitals', { userAgent: 'Kube-Probe/*' }, probe, false],
  ['there is no agent', { userAgent: 'kube-probe/*' }, {}, true],
  ['one of two members fits', { path: '/x', userAgent: 'kube-probe/*' }, probe, true],
  ['the method is another', { path: '/', method: 'HEAD' }, {}, true],
  ['the probe failed', { path: '/healthz' }, { target: '/healthz', status: 503 }, true],
  ['the probe is not found', { path: '/healthz' }, { target: '/healthz', status: 404 }, true],
  ['the probe was slow', { path: '/healthz' }, { target: '/healthz', durationMs: 1000 }, true],
];

for (const [what, exclusion, change, isWritten] of CASES) {
  test(`${isWritten ? 'a record is written' : 'a record is left out'} when ${what}`, (t) => {
    const filter = compileAccessFilter({ ...settings, accessLogExclude: [exclusion] });
    t.is(filter?.(accessRecord(change)), isWritten);
  });
}

test('where nothing is left out there is no filter', (t) => {
  t.is(compileAccessFilter(settings), undefined);
});

test('a sample keeps what its number says, and every error and every slow request', (t) => {
  const numbers = [0.2, 0.95];
  const filter = compileAccessFilter({ ...settings, accessLogSample: 0.1 }, () => numbers.shift() ?? 0);
  const written = [{}, {}, { status: 500 }, { status: 404 }, { durationMs: 5000 }].map((change) =>
    filter?.(accessRecord(change)),
  );
  t.deepEqual(written, [false, true, true, true, true]);
});

test('of a trace all services keep the same requests, as its random digits say', (t) => {
  const filter = compileAccessFilter({ ...settings, accessLogSample: 0.25 }, () => t.fail() as never);
  const written = (digits: string): boolean | undefined =>
    filter?.(
      accessRecord({ requestHeaders: { traceparent: `00-${'a'.repeat(18)}${digits}-b7ad6b7169203331-00` } }),
    );
  t.false(written('bf000000000000'));
  t.true(written('c0000000000000'));
});

test('patterns with many stars take no time that a client could make long', (t) => {
  const filter = compileAccessFilter({ ...settings, accessLogExclude: [{ path: `/${'*a'.repeat(30)}b` }] });
  const began = performance.now();
  t.true(filter?.(accessRecord({ target: `/${'a'.repeat(8000)}` })));
  t.true(performance.now() - began < 200);
});
