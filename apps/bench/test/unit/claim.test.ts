import test from 'ava';
import { type Claim, judge } from '../../src/claim.ts';
import type { Measurement } from '../../src/measurement.ts';
import { median } from '../../src/quantile.ts';
import { CPU, LOSS, RATE } from '../../src/quantity.ts';
import type { Quantity } from '../../src/quantity.ts';

function measured(peer: string, value: number, quantity: Quantity = CPU, group = ''): Measurement {
  return { peer, group, quantity, value };
}

const claim: Claim = { quantity: CPU, group: '', peer: 'ours', against: 'theirs', limit: { most: 1.1 } };

test('a ratio is the value over that of the other peer, and is met up to its limit', (t) => {
  t.like(judge(claim, [measured('ours', 33), measured('theirs', 30)]), { verdict: 'met', measured: 1.1 });
});

test('rounds that were neighbours are compared with each other', (t) => {
  const rounds = (peer: string, values: readonly number[]): Measurement => ({
    ...measured(peer, median(values)),
    rounds: values,
  });
  // The machine was three times as slow in the second half.
  const theirs = rounds('theirs', [10, 10, 30, 30, 30]);
  t.like(judge(claim, [rounds('ours', [9, 9, 9, 27, 27]), theirs]), { verdict: 'met', measured: 0.9 });
  t.like(judge(claim, [rounds('ours', [9, 27]), theirs]), { measured: 18 / 30 });
});

test('what falls short says by how much of the limit', (t) => {
  const verdict = judge(claim, [measured('ours', 66), measured('theirs', 30)]);
  t.is(verdict.verdict, 'falls short');
  t.is(verdict.shortBy?.toFixed(2), '1.00');
});

test('a difference is what the value has over that of the other peer', (t) => {
  const verdict = judge({ ...claim, by: 'difference', limit: { most: 18 } }, [
    measured('ours', 47),
    measured('theirs', 30),
  ]);
  t.like(verdict, { verdict: 'met', measured: 17 });
});

test('without another peer the limit is for the value itself', (t) => {
  const loss: Claim = { quantity: LOSS, group: '', peer: 'ours', limit: { most: 5 } };
  t.is(judge(loss, [measured('ours', 5.1, LOSS)]).verdict, 'falls short');
});

test('the least that is allowed is met by more', (t) => {
  const rate: Claim = { quantity: RATE, group: '', peer: 'ours', limit: { least: 600 } };
  t.is(judge(rate, [measured('ours', 601, RATE)]).verdict, 'met');
  t.like(judge(rate, [measured('ours', 300, RATE)]), { verdict: 'falls short', shortBy: 0.5 });
});

test('a limit of nothing is missed by no part of it', (t) => {
  const none: Claim = { quantity: LOSS, group: '', peer: 'ours', limit: { most: 0 } };
  const verdict = judge(none, [measured('ours', 2, LOSS)]);
  t.is(verdict.verdict, 'falls short');
  t.is(verdict.shortBy, undefined);
});

test('only the group and the quantity of the claim count', (t) => {
  const verdict = judge({ ...claim, group: '8 clients' }, [
    measured('ours', 99, CPU, '64 clients'),
    measured('ours', 99, RATE, '8 clients'),
    measured('ours', 10, CPU, '8 clients'),
    measured('theirs', 10, CPU, '8 clients'),
  ]);
  t.is(verdict.measured, 1);
});

test('a claim whose peers were not both measured is neither met nor missed', (t) => {
  t.is(judge(claim, [measured('ours', 1)]).verdict, 'not measured');
  t.is(judge(claim, [measured('theirs', 1)]).verdict, 'not measured');
});
