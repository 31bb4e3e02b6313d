import type { FurtherAddress } from '@gunicorn-ts/interface';
import test from 'ava';
import { mayShare } from '../../src/shared-listeners.ts';
import { Scenario } from './scenario.ts';

const METRICS: FurtherAddress = { kind: 'tcp', host: '', port: 9464 };

function listening(scenario: Scenario, age: number): Scenario {
  return scenario.push({
    type: 'message',
    age,
    message: { type: 'listen', version: 1, id: 7, address: METRICS },
  });
}

test('a worker whose application listens at a further address is answered', (t) => {
  const scenario = listening(Scenario.serving(), 1);
  t.deepEqual(scenario.actions, [{ do: 'share-listener', age: 1, id: 7, address: METRICS }]);
});

test('what a worker listened on is released when it is gone, and kept while nobody else serves', (t) => {
  const scenario = listening(Scenario.serving({ workers: 1 }), 1);
  scenario.push({ type: 'exited', age: 1, code: 1, signal: null, outOfMemory: false });
  t.deepEqual(
    scenario.actions.filter((action) => action.do === 'release-shared'),
    [{ do: 'release-shared', age: 1, others: false }],
  );
});

test('other workers that serve without a further socket let it be closed', (t) => {
  const scenario = listening(Scenario.serving(), 1);
  scenario.push({ type: 'exited', age: 1, code: 1, signal: null, outOfMemory: false });
  t.true(scenario.actions.some((action) => action.do === 'release-shared' && action.others));
});

test('the arbiter opens nothing for workers that their own user might not open', (t) => {
  const other = { uid: (process.getuid?.() ?? 0) + 1, gid: 1, initgroupsUser: undefined };
  const same = { ...other, uid: process.getuid?.() ?? 0 };
  const path: FurtherAddress = { kind: 'unix', path: '/run/metrics.sock' };
  t.true(mayShare(METRICS, other));
  t.false(mayShare({ ...METRICS, port: 80 }, other));
  t.false(mayShare(path, other));
  t.true([undefined, same].every((identity) => mayShare(path, identity)));
});
