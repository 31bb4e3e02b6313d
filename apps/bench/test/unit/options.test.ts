import test from 'ava';
import { parseOptions, usage, UsageError, type Known } from '../../src/options.ts';
import type { Peer } from '../../src/peer.ts';
import type { Scenario } from '../../src/scenario.ts';

function scenario(name: string): Scenario {
  const run = () => Promise.resolve([]);
  return { name, title: '', about: '', peers: [], drawn: [], claims: [], minutes: 1, run };
}

function peer(name: string): Peer {
  return { name, title: name, prepare: () => Promise.resolve('1'), launch: () => ({ command: [name] }) };
}

const known: Known = {
  scenarios: ['boot', 'memory'].map(scenario),
  peers: ['sync', 'nginx'].map(peer),
  out: 'results',
};

function names(some: readonly { readonly name: string }[] | undefined): readonly string[] | undefined {
  return some?.map(({ name }) => name);
}

test('without flags every scenario is asked of every peer', (t) => {
  t.deepEqual(parseOptions([], known), { ...known, quick: false, minutes: 40 });
});

test('--only and --peers pick some, in the order in which they stand', (t) => {
  const options = parseOptions(
    ['--only', 'memory,boot', '--peers=nginx', '--quick', '--out', 'there'],
    known,
  );
  t.deepEqual(names(options?.scenarios), ['boot', 'memory']);
  t.deepEqual(names(options?.peers), ['nginx']);
  t.like(options, { quick: true, out: 'there' });
});

test('a scenario or a peer that does not exist is refused with those that do', (t) => {
  t.throws(() => parseOptions(['--only', 'disk'], known), {
    instanceOf: UsageError,
    message: /"disk".*boot,memory/,
  });
  t.throws(() => parseOptions(['--peers', 'sync,apache'], known), {
    instanceOf: UsageError,
    message: /"apache".*sync,nginx/,
  });
});

test('a flag that does not exist is refused', (t) => {
  t.throws(() => parseOptions(['--fast'], known), { instanceOf: UsageError });
});

test('help asks for nothing else, and names everything that can be chosen', (t) => {
  t.is(parseOptions(['--help'], known), undefined);
  t.regex(usage(known), /boot,memory[^]*sync,nginx/);
});
