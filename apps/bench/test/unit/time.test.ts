import test from 'ava';
import { inTurnUnstarted, oneByOne } from '../../src/field.ts';
import type { Peer } from '../../src/peer.ts';
import type { Context } from '../../src/scenario.ts';
import { evenly, partOf, shareOf } from '../../src/time.ts';

const peers = ['first', 'second'].map((name): Peer => ({
  name,
  title: name,
  prepare: () => Promise.resolve('1'),
  launch: () => ({ command: [name] }),
}));

function contextUntil(until: number, left: string[] = []): Context {
  return { peers, quick: false, until, progress: () => {}, giveUp: ({ name }) => void left.push(name) };
}

test('the next one has its part of what is left, and what it does not need is the others', (t) => {
  t.is(shareOf(600, [1, 2, 3]), 100);
  t.is(shareOf(580, [2, 3]), 232);
  t.is(shareOf(-5, [2, 3]), 0);
  t.is(shareOf(100, []), 0);
});

test('a part of a scenario ends before the scenario does', (t) => {
  const until = performance.now() + 10_000;
  const { until: own } = partOf(contextUntil(until), [1, 3]);
  t.true(own < until - 7000 && own > until - 8000);
});

test('of those that share evenly each may take all that those before it have left', (t) => {
  const until = performance.now() + 10_000;
  const ends = [...evenly(contextUntil(until), ['a', 'b', 'c', 'd'])].map(
    ([, own]) => own.until - performance.now(),
  );
  for (const [index, end] of ends.entries()) t.true(Math.abs(end - 10_000 / (4 - index)) < 500);
});

test('when the time is up rounds are left out, but not those that a median needs', async (t) => {
  const all = await inTurnUnstarted(contextUntil(Infinity), 9, () => Promise.resolve(1));
  t.is(all[0]?.rounds.length, 9);
  const few = await inTurnUnstarted(contextUntil(0), 9, () => Promise.resolve(1));
  t.deepEqual(
    few.map(({ rounds }) => rounds.length),
    [3, 3],
  );
});

test('who comes one after the other and is not reached is named', async (t) => {
  const left: string[] = [];
  const results = await oneByOne(contextUntil(0, left), () => Promise.resolve(1));
  t.deepEqual(
    results.map(({ peer }) => peer.name),
    ['first'],
  );
  t.deepEqual(left, ['second']);
});
