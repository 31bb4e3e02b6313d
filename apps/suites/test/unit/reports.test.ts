import test from 'ava';
import { readLabReport } from '../../src/reports/lab.ts';
import { readLines } from '../../src/reports/lines.ts';
import { readVitestReport } from '../../src/reports/vitest.ts';

test('tests of node:test and mocha are told by file and path, without those that were skipped', (t) => {
  const text = [
    { file: '/suite/test/a.js', path: ['outer', 'inner'], verdict: 'passed' },
    { file: '/suite/test/a.js', path: ['outer', 'other'], verdict: 'skipped' },
    { file: '/suite/test/a.js', path: ['outer'], verdict: 'failed' },
  ].map((line) => `${JSON.stringify(line)}\n`);
  t.deepEqual(readLines(text.join(''), '/suite'), [
    { title: 'test/a.js: outer inner', verdict: 'passed' },
    { title: 'test/a.js: outer', verdict: 'failed' },
  ]);
});

test('tests of lab are told by path and title', (t) => {
  const report = {
    tests: {
      'Core/start()': [
        { title: 'starts', err: false },
        { title: 'fails', err: 'Expected 1 to equal 2' },
      ],
    },
  };
  t.deepEqual(readLabReport(JSON.stringify(report)), [
    { title: 'Core/start() starts', verdict: 'passed' },
    { title: 'Core/start() fails', verdict: 'failed' },
  ]);
});

test('a file that vitest could not run counts as a test that failed', (t) => {
  const report = {
    testResults: [
      {
        name: '/suite/a.test.ts',
        status: 'passed',
        assertionResults: [
          { fullName: 'works', status: 'passed' },
          { fullName: 'waits', status: 'pending' },
        ],
      },
      { name: '/suite/b.test.ts', status: 'failed', assertionResults: [] },
    ],
  };
  t.deepEqual(readVitestReport(JSON.stringify(report), '/suite'), [
    { title: 'a.test.ts: works', verdict: 'passed' },
    { title: 'b.test.ts', verdict: 'failed' },
  ]);
});
