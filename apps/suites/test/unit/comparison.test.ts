import test from 'ava';
import { count, differences } from '../../src/comparison.ts';
import { type TestResult, type Verdict, type Verdicts, verdictsOf } from '../../src/verdict.ts';

function verdicts(results: Readonly<Record<string, Verdict>>): Verdicts {
  return new Map(Object.entries(results));
}

test('a test differs when it ends otherwise each time', (t) => {
  const node = verdicts({ same: 'passed', worse: 'passed', better: 'failed' });
  const engine = verdicts({ same: 'passed', worse: 'failed', better: 'passed' });
  t.deepEqual(differences([node, node], [engine, engine]), [
    { title: 'worse', onNode: 'passed', onEngine: 'failed' },
    { title: 'better', onNode: 'failed', onEngine: 'passed' },
  ]);
});

test('a test that the other server did not come to differs', (t) => {
  t.deepEqual(differences([verdicts({ late: 'passed' })], [verdicts({})]), [
    { title: 'late', onNode: 'passed', onEngine: 'missing' },
  ]);
});

test('a test that is unsteady on the engine alone differs, and one that is so on Node says nothing', (t) => {
  const passed = verdicts({ one: 'passed' });
  const failed = verdicts({ one: 'failed' });
  t.is(differences([passed, passed], [passed, failed])[0]?.onEngine, 'unsteady');
  t.deepEqual(differences([passed, failed], [failed, failed]), []);
});

test('tests are counted by what became of them in all rounds', (t) => {
  const rounds = [verdicts({ a: 'passed', b: 'passed' }), verdicts({ a: 'passed', b: 'failed' })];
  t.is(count(rounds, 'passed'), 1);
  t.is(count(rounds, 'unsteady'), 1);
  t.is(count(rounds, 'failed'), 0);
});

test('tests of one title are kept apart', (t) => {
  const results: TestResult[] = [
    { title: 'works', verdict: 'passed' },
    { title: 'works', verdict: 'failed' },
  ];
  t.deepEqual(
    [...verdictsOf(results)],
    [
      ['works', 'passed'],
      ['works (2)', 'failed'],
    ],
  );
});
