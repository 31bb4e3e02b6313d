import test from 'ava';
import { comparedValue, type Figure, verdict } from '../../src/figure.ts';
import { renderTable } from '../../src/table.ts';

const cpu: Figure = {
  scenario: 'cpu',
  name: 'CPU per request',
  unit: 'µs',
  value: 33,
  baseline: { peer: 'bare', value: 30 },
  compare: 'ratio',
  target: 1.1,
};

test('a ratio is the value over that of the peer, and passes up to its target', (t) => {
  t.is(comparedValue(cpu), 1.1);
  t.is(verdict(cpu), 'pass');
  t.is(verdict({ ...cpu, value: 33.1 }), 'falls short');
});

test('a difference is what the value has over that of the peer', (t) => {
  const memory: Figure = { ...cpu, unit: 'MB', compare: 'difference', target: 18, value: 47 };
  t.is(comparedValue(memory), 17);
  t.is(verdict(memory), 'pass');
  t.is(verdict({ ...memory, value: 49 }), 'falls short');
});

test('without a peer the target limits the value itself', (t) => {
  t.is(verdict({ scenario: 'memory', name: 'arbiter', unit: 'MB', value: 66, target: 65 }), 'falls short');
});

test('a figure without a target is for information', (t) => {
  t.is(verdict({ scenario: 'cpu', name: 'rate', unit: 'requests/s', value: 1 }), 'for information');
});

test('the table has a line for each figure, with target and verdict where there is one', (t) => {
  const table = renderTable([cpu, { scenario: 'cpu', name: 'rate', unit: 'requests/s', value: 9000 }]);
  t.deepEqual(
    table
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
    [
      ['figure', 'value', 'against', 'compared', 'at most'],
      ['CPU per request', '33 µs', '30 (bare)', 'x 1.10', 'x 1.10', 'pass'],
      ['rate', '9000 requests/s'],
    ],
  );
});
