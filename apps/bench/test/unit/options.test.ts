import test from 'ava';
import { parseOptions, UsageError } from '../../src/options.ts';
import type { Scenario } from '../../src/scenario.ts';

const known: Scenario[] = ['boot', 'cpu'].map((name) => ({
  name,
  about: '',
  run: () => Promise.resolve([]),
}));

test('without flags every scenario is run and no file is written', (t) => {
  t.deepEqual(parseOptions([], known), { scenarios: known, json: undefined });
});

test('--only picks scenarios, in the order in which they stand', (t) => {
  const { scenarios, json } = parseOptions(['--only', 'cpu,boot', '--json', 'out.json'], known);
  t.deepEqual(scenarios, known);
  t.is(json, 'out.json');
  t.deepEqual(
    parseOptions(['--only=cpu'], known).scenarios.map((scenario) => scenario.name),
    ['cpu'],
  );
});

test('a scenario that does not exist is refused with those that do', (t) => {
  t.throws(() => parseOptions(['--only', 'disk'], known), {
    instanceOf: UsageError,
    message: /"disk".*boot,cpu/,
  });
});

test('a flag that does not exist is refused', (t) => {
  t.throws(() => parseOptions(['--fast'], known), { instanceOf: UsageError });
});
