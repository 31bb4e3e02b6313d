import test from 'ava';
import { renderPage } from '../../src/page.ts';
import { type RunsByServer, talliesOf } from '../../src/record.ts';
import type { Run } from '../../src/run.ts';

function run(results: Readonly<Record<string, 'passed' | 'failed'>>): Run {
  return { verdicts: new Map(Object.entries(results)), engineServers: 1 };
}

test('the page has a row for each suite, and a line for each test that differs', (t) => {
  const good = run({ 'is served': 'passed', 'says `why`': 'passed' });
  const bad = run({ 'is served': 'passed', 'says `why`': 'failed' });
  const runs: RunsByServer = { node: [good], descriptor: [bad], stream: [good] };
  const page = renderPage([
    {
      suite: 'web',
      version: '1.2.3',
      commit: 'abc',
      date: '2026-01-02',
      nodeVersion: '24.0.0',
      tallies: talliesOf(runs),
    },
  ]);
  t.true(page.includes('| web   | 1.2.3   | abc    | 2026-01-02, Node 24.0.0 | 2 / 0     | 1 / 1 '));
  const difference = 'failed on the engine, descriptors, passed on node:http. Not explained yet.';
  t.true(page.includes(`### web\n\n- \`says 'why'\`: ${difference}`));
});
