import test from 'ava';
import { judge } from '../../src/claim.ts';
import { describeSpread, formatValue, ofRounds } from '../../src/measurement.ts';
import { CPU, FAILED, P99, RATE } from '../../src/quantity.ts';
import type { Report } from '../../src/report.ts';
import { groupRows, renderClaims, verdictRow } from '../../src/table.ts';

const nginx = { peer: 'nginx', group: '8 clients' };
const sync = { peer: 'sync', group: '8 clients' };

test('a value shows the figures that matter, with its unit', (t) => {
  t.is(formatValue(1234.5, RATE), '1,235/s');
  t.is(formatValue(0.123, P99), '0.12 ms');
  t.is(formatValue(17.84, CPU), '17.8 µs');
  t.is(formatValue(0, FAILED), '0');
});

test('rounds become their median and how far they lie apart', (t) => {
  t.deepEqual(ofRounds(sync, CPU, [10, 11, 13]), {
    ...sync,
    quantity: CPU,
    value: 11,
    spread: 3 / 11,
    rounds: [10, 11, 13],
  });
  t.deepEqual(ofRounds(sync, CPU, [10]), { ...sync, quantity: CPU, value: 10 });
});

test('how far rounds lie apart is said of the first quantity, and only where there were several', (t) => {
  const measurements = [
    ofRounds(sync, CPU, [10, 10, 12]),
    ofRounds(nginx, CPU, [10, 10, 15]),
    ofRounds(nginx, P99, [1, 9]),
  ];
  t.is(describeSpread(measurements), 'The rounds of one peer lie up to 50 % apart (CPU per request).');
  t.is(describeSpread([ofRounds(sync, CPU, [10])]), '');
});

test('a line for each peer holds the ratio to the first one, or what else there is to say', (t) => {
  const rows = groupRows([
    { ...sync, quantity: CPU, value: 20 },
    { ...sync, quantity: FAILED, value: 0 },
    { ...nginx, quantity: CPU, value: 30 },
    { ...nginx, quantity: FAILED, value: 2, note: '2 reset' },
  ]);
  t.deepEqual(rows, [
    ['', 'CPU per request', '', 'failed', ''],
    ['sync', '20 µs', '', '0', ''],
    ['nginx', '30 µs', 'x 1.50', '2', '2 reset'],
  ]);
});

test('what a peer was not asked is left open', (t) => {
  const [, , line] = groupRows([
    { ...sync, quantity: CPU, value: 20 },
    { ...nginx, quantity: RATE, value: 30 },
  ]);
  t.deepEqual(line, ['nginx', '-', '', '30/s', '']);
});

test('a claim is a sentence, what was measured, the limit and the verdict', (t) => {
  const claim = { quantity: CPU, group: '8 clients', peer: 'sync', against: 'nginx', limit: { most: 1 } };
  const measurements = [
    { ...sync, quantity: CPU, value: 33 },
    { ...nginx, quantity: CPU, value: 30 },
  ];
  t.deepEqual(verdictRow(judge(claim, measurements)), [
    'CPU per request, 8 clients: sync against nginx',
    'x 1.10',
    'at most x 1.00',
    'falls short by 10 %',
  ]);
  t.deepEqual(verdictRow(judge(claim, [])).slice(1), ['', 'at most x 1.00', 'not measured']);
});

test('the claims of all scenarios stand below each other, and are counted', (t) => {
  const claim = { quantity: CPU, group: '', peer: 'sync', against: 'nginx', limit: { most: 1 } };
  const figures = [
    { peer: 'sync', group: '', quantity: CPU, value: 20 },
    { peer: 'nginx', group: '', quantity: CPU, value: 25 },
  ];
  const claims = renderClaims({
    scenarios: [
      { name: 'connection', verdicts: [judge(claim, figures)] },
      { name: 'keep-alive', verdicts: [judge(claim, [])] },
    ],
  } as unknown as Report);
  t.regex(claims, /^== claims: 1 met, 0 falls short, 1 not measured\n/);
  t.regex(claims, /\nconnection: CPU per request: sync against nginx +x 0\.80 +at most x 1\.00 +met\n/);
  t.regex(claims, /\nkeep-alive: CPU per request: sync against nginx +at most x 1\.00 +not measured\n/);
});
