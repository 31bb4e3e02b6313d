import test from 'ava';
import type { Happened } from '../../src/events/event.ts';
import { judgeAccessLog, judgeEvents, judgeOpenFiles, judgeQuiet, judgeWebSockets } from '../../src/judge.ts';
import { type Entry, Ledger } from '../../src/load/ledger.ts';
import { holdsAtLast } from '../../src/verify.ts';

function ledgerOf(...entries: readonly Entry[]): Ledger {
  const ledger = new Ledger();
  for (const entry of entries) ledger.end(entry);
  return ledger;
}

const answered = (id: string, startedAt: number, endedAt: number): Entry => ({
  id,
  client: 'keep-alive',
  path: '/',
  startedAt,
  endedAt,
  outcome: 'answered',
  status: 200,
  failure: undefined,
});

const lost = (
  id: string,
  startedAt: number,
  endedAt: number,
  kind: 'reset' | 'refused' = 'reset',
): Entry => ({
  ...answered(id, startedAt, endedAt),
  outcome: 'lost',
  status: undefined,
  failure: { kind, detail: 'it broke' },
});

const event = (name: Happened['name'], more: Partial<Happened> = {}): Happened => ({
  name,
  from: 1000,
  to: 2000,
  note: 'done',
  fault: undefined,
  killedAt: undefined,
  ...more,
});

test('a request that is lost in a reload breaks it, and only it', (t) => {
  const ledger = ledgerOf(answered('v1', 100, 110), lost('v2', 1500, 1510));
  const [reload] = judgeEvents([event('reload')], ledger);
  t.false(reload?.holds);
  t.deepEqual(
    reload?.lost.map(({ id }) => id),
    ['v2'],
  );
  t.true(judgeQuiet([event('reload')], ledger).holds);
});

test('what a killed worker had in hand may be lost, what was begun later may not', (t) => {
  const kill = event('kill-worker', { killedAt: 1200 });
  t.true(judgeEvents([kill], ledgerOf(lost('v1', 1190, 1210)))[0]?.holds);
  t.false(judgeEvents([kill], ledgerOf(lost('v1', 1400, 1410)))[0]?.holds);
  const slow = event('kill-worker', { killedAt: 1200, heldUntil: 1450 });
  const kept: Entry = { ...lost('v1', 1400, 1410), client: 'keep-alive' };
  t.true(judgeEvents([slow], ledgerOf(kept))[0]?.holds);
  t.false(judgeEvents([slow], ledgerOf({ ...kept, client: 'new-connection' }))[0]?.holds);
  t.false(judgeEvents([slow], ledgerOf({ ...kept, failure: { kind: 'slow', detail: 'silence' } }))[0]?.holds);
});

test('who is refused by a server that has stopped is not lost, who is cut off is', (t) => {
  t.true(judgeEvents([event('stop')], ledgerOf(lost('v1', 1500, 1501, 'refused')))[0]?.holds);
  t.false(judgeEvents([event('stop')], ledgerOf(lost('v1', 1500, 1501)))[0]?.holds);
});

test('what a hung worker holds may be late until it is replaced, what the others could serve may not', (t) => {
  const hang = event('hang', { killedAt: 1200, heldUntil: 1900 });
  const late = (client: Entry['client'], startedAt: number): Entry => ({
    ...lost('v1', startedAt, startedAt + 10),
    client,
    failure: { kind: 'slow', detail: 'silence' },
  });
  t.true(judgeEvents([hang], ledgerOf(late('new-connection', 1190)))[0]?.holds);
  t.true(judgeEvents([hang], ledgerOf(late('keep-alive', 1700)))[0]?.holds);
  t.false(judgeEvents([hang], ledgerOf(late('new-connection', 1700)))[0]?.holds);
  t.false(judgeEvents([hang], ledgerOf(late('keep-alive', 1950)))[0]?.holds);
});

test('workers whose arbiter was killed finish what they have, and nobody is there for who comes later', (t) => {
  const kill = event('kill-arbiter', { killedAt: 1200 });
  t.false(judgeEvents([kill], ledgerOf(lost('v1', 1100, 1300)))[0]?.holds);
  t.true(judgeEvents([kill], ledgerOf(lost('v1', 1250, 1300)))[0]?.holds);
  t.true(judgeEvents([kill], ledgerOf(lost('v1', 1400, 1401, 'refused')))[0]?.holds);
});

test('a WebSocket that is closed by a frame was told, one that ends without is dropped', (t) => {
  const told: Entry = { ...answered('v1', 100, 110), client: 'websocket', status: 101 };
  const dropped: Entry = { ...lost('v2', 1100, 1150), client: 'websocket' };
  const codes = new Map([[1012, 1]]);
  t.deepEqual(
    judgeWebSockets(codes, ledgerOf(told), []).detail,
    '0 dropped without a word; closed by 1 × 1012',
  );
  t.false(judgeWebSockets(codes, ledgerOf(told, dropped), [event('reload')]).holds);
  t.true(judgeWebSockets(codes, ledgerOf(dropped), [event('kill-worker', { killedAt: 1200 })]).holds);
  t.true(judgeAccessLog(new Map(), ledgerOf(told), []).holds);
});

test('a connection that the kernel took in the moment of the stop is reset, and one that was kept is not', (t) => {
  const stop = event('stop', { closedAt: 1500 });
  t.true(judgeEvents([stop], ledgerOf({ ...lost('v1', 1450, 1500), client: 'new-connection' }))[0]?.holds);
  t.false(judgeEvents([stop], ledgerOf({ ...lost('v1', 1300, 1500), client: 'new-connection' }))[0]?.holds);
  t.false(judgeEvents([stop], ledgerOf(lost('v1', 1450, 1500)))[0]?.holds);
});

test('an event that does not come to its end is broken without a loss', (t) => {
  const [verdict] = judgeEvents([event('reload', { fault: 'it was refused' })], ledgerOf());
  t.false(verdict?.holds);
  t.regex(verdict?.detail ?? '', /it was refused/);
});

test('a request that is lost while nothing happens has no excuse', (t) => {
  t.false(judgeQuiet([event('reload')], ledgerOf(lost('v1', 5000, 5001))).holds);
});

test('the access log has each answered request once, with its status', (t) => {
  const ledger = ledgerOf(answered('v1', 0, 1), answered('v2', 0, 1));
  t.true(
    judgeAccessLog(
      new Map([
        ['v1', ['200']],
        ['v2', ['200']],
      ]),
      ledger,
      [],
    ).holds,
  );
  t.false(judgeAccessLog(new Map([['v1', ['200']]]), ledger, []).holds);
  t.false(
    judgeAccessLog(
      new Map([
        ['v1', ['200']],
        ['v2', ['500']],
      ]),
      ledger,
      [],
    ).holds,
  );
  t.false(
    judgeAccessLog(
      new Map([
        ['v1', ['200', '200']],
        ['v2', ['200']],
      ]),
      ledger,
      [],
    ).holds,
  );
});

test('lines that come a moment later are waited for, and those that do not come are missed', async (t) => {
  const ledger = ledgerOf(answered('v1', 0, 1));
  let looks = 0;
  const late = (): ReadonlyMap<string, readonly string[]> =>
    new Map((looks += 1) < 3 ? [] : [['v1', ['200']]]);
  t.true((await holdsAtLast(() => judgeAccessLog(late(), ledger, []), 10_000)).holds);
  t.is(looks, 3);
  const missed = await holdsAtLast(() => judgeAccessLog(new Map(), ledger, []), 60);
  t.regex(missed.detail, /v1: answered 200, logged nothing/);
});

test('files that pile up in any process are found', (t) => {
  t.true(judgeOpenFiles([{ pid: 1, first: 30, last: 90 }]).holds);
  t.false(
    judgeOpenFiles([
      { pid: 1, first: 30, last: 31 },
      { pid: 2, first: 20, last: 400 },
    ]).holds,
  );
});
