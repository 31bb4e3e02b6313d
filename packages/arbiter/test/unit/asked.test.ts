import type { ControlRequest } from '@gunicorn-ts/interface';
import test from 'ava';
import { whyRefused } from '../../src/decide/asked.ts';
import { Scenario } from './scenario.ts';

function ask(scenario: Scenario, request: ControlRequest): Scenario {
  return scenario.push({ type: 'asked', request, by: 'uid 0, pid 7' });
}

function moments(scenario: Scenario): readonly string[] {
  return scenario.actions.flatMap((action) =>
    action.do === 'announce' && !/^(?:counts|tick|worker-.*)$/.test(action.moment.moment)
      ? action.moment.moment
      : [],
  );
}

test('what is asked for stands in the log with who asked', (t) => {
  const scenario = ask(Scenario.serving(), { ask: 'scale', workers: 3 });
  t.deepEqual(scenario.logged('info'), ['Asked by uid 0, pid 7: 3 workers, from 2']);
});

test('a reload that is asked for is that of HUP, and its last moment is that all workers are new', (t) => {
  const scenario = ask(Scenario.serving({ workers: 1 }), { ask: 'reload' });
  t.deepEqual(moments(scenario), ['reloading']);
  const settings = Scenario.settings({ workers: 1 });
  scenario.push({ type: 'loaded', generation: 2, settings }).boot(2);
  t.deepEqual(moments(scenario), ['reloading', 'reloaded']);
  scenario.exited(1);
  t.deepEqual(moments(scenario), ['reloading', 'reloaded', 'renewed']);
});

test('a number of workers is made so, also 0', (t) => {
  t.deepEqual(ask(Scenario.serving(), { ask: 'scale', workers: 4 }).took(), [
    'spawn 3 of generation 1',
    'spawn 4 of generation 1',
  ]);
  t.deepEqual(ask(Scenario.serving(), { ask: 'scale', workers: 0 }).took(), ['TERM 1', 'TERM 2']);
});

test('a worker is replaced before it leaves, and the others stay', (t) => {
  const scenario = ask(Scenario.serving(), { ask: 'replace-worker', age: 1 });
  t.deepEqual(scenario.took(), ['spawn 3 of generation 1']);
  t.deepEqual(scenario.boot(3).took(), ['TERM 1']);
  t.deepEqual(scenario.exited(1).after(1000).took(), []);
  t.deepEqual(scenario.ages('ready'), [2, 3]);
});

test('a stop is graceful or not, and a second one may hasten it', (t) => {
  const scenario = ask(Scenario.serving(), { ask: 'stop', graceful: true });
  t.deepEqual(scenario.took(), ['close-listeners', 'TERM 1', 'TERM 2']);
  t.deepEqual(ask(scenario, { ask: 'stop', graceful: false }).took(), ['QUIT 1', 'QUIT 2']);
});

test('an upgrade tells the process id of the second arbiter, or why there is none', (t) => {
  const scenario = ask(Scenario.serving(), { ask: 'upgrade' });
  t.deepEqual(scenario.took(), ['start-upgrade']);
  t.is(whyRefused(scenario.state, { ask: 'upgrade' }), 'an upgrade is under way already');
  scenario.push({ type: 'upgrade-started', pid: 77 });
  scenario.push({ type: 'upgrade-ended', reason: 'it exited with code 1' });
  t.deepEqual(moments(scenario), ['upgrading', 'upgrade-failed']);
});

const REFUSED: readonly (readonly [string, Scenario, ControlRequest, RegExp])[] = [
  ['a number that is none', Scenario.serving(), { ask: 'scale', workers: Number.NaN }, /whole one from 0 to/],
  ['a negative number', Scenario.serving(), { ask: 'scale', workers: -1 }, /not -1/],
  ['a slip of the finger', Scenario.serving(), { ask: 'scale', workers: 44_444 }, /not 44444/],
  ['a worker that is not there', Scenario.serving(), { ask: 'replace-worker', age: 9 }, /no such worker/],
  [
    'a worker that boots',
    new Scenario().push({ type: 'start' }).after(200),
    { ask: 'replace-worker', age: 1 },
    /not ready/,
  ],
  ['a reload of a server that stops', Scenario.serving().signal('SIGTERM'), { ask: 'reload' }, /is stopping/],
  [
    'a graceful stop of one that stops',
    Scenario.serving().signal('SIGTERM'),
    { ask: 'stop', graceful: true },
    /is stopping/,
  ],
];

for (const [what, scenario, request, reason] of REFUSED) {
  test(`${what} is refused with a reason, and changes nothing`, (t) => {
    t.regex(whyRefused(scenario.state, request) ?? '', reason);
    scenario.took();
    t.deepEqual(ask(scenario, request).took(), []);
  });
}

test('a level for the log is set, and stands in the log with who asked', (t) => {
  const scenario = ask(Scenario.serving(), { ask: 'log-level', level: 'debug' });
  t.deepEqual(scenario.logged('info'), ['Asked by uid 0, pid 7: log level debug']);
  t.true(scenario.actions.some((action) => action.do === 'set-log-level' && action.level === 'debug'));
});
