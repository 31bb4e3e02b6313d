import test from 'ava';
import { add, closingLine, failuresByFile, tallyOf } from '../../src/tally.ts';

const PASSED = `
  ✔ tally › one (12ms)
  ✔ tally › two
    ℹ  ✔ a log line is no test
  - [skip] tally › three
  ─

  2 tests passed
  1 test skipped
`;

const FAILED = `
  ✔ a › one
  ✘ [fail]: a › two
  ✔ [expected fail] a › three
  ✘ Timed out while running tests

  ─

  1 test failed
  1 known failure
  2 uncaught exceptions
  1 test remained pending after a timeout
`;

test('passed and skipped tests are counted', (t) => {
  t.deepEqual(tallyOf(PASSED, true), { passed: 2, failed: 0, skipped: 1 });
});

test('every way of failing is counted, and what is expected to fail is not', (t) => {
  t.deepEqual(tallyOf(FAILED, false), { passed: 1, failed: 4, skipped: 1 });
});

test('a run that ends badly without naming a failed test is one failure', (t) => {
  t.is(tallyOf(PASSED, false).failed, 1);
});

const STAYED = `
  ✔ packages › a › test › unit › one › it works
  ✘ Timed out while running tests

  Failed to exit when running packages/a/test/unit/two.test.ts
`;

test('a file that did not end is a failure of its own, although AVA exits with 0', (t) => {
  t.deepEqual(tallyOf(STAYED, true), { passed: 1, failed: 1, skipped: 0 });
  const files = ['one', 'two'].map((name) => `packages/a/test/unit/${name}.test.ts`);
  t.deepEqual([...failuresByFile(STAYED, files)], [[files[1]!, 1]]);
});

test('a file that did not end counts beside a test that failed', (t) => {
  const files = ['one', 'two'].map((name) => `packages/a/test/unit/${name}.test.ts`);
  const both = `
  ✘ [fail]: packages › a › test › unit › one › it works
  ✘ Timed out while running tests

  2 tests were pending in packages/a/test/unit/two.test.ts

  1 test failed
`;
  t.is(tallyOf(both, false).failed, 2);
  t.deepEqual(
    [...failuresByFile(both, files)],
    [
      [files[0]!, 1],
      [files[1]!, 1],
    ],
  );
});

test('a run that reports nothing is a failure, however it ended', (t) => {
  t.deepEqual(tallyOf('', true), { passed: 0, failed: 1, skipped: 0 });
});

test('the closing line names skipped tests only when there are any', (t) => {
  t.is(closingLine({ passed: 3, failed: 0, skipped: 0 }), '3 passed, 0 failed');
  t.is(
    closingLine(add({ passed: 3, failed: 0, skipped: 1 }, { passed: 1, failed: 2, skipped: 0 })),
    '4 passed, 2 failed, 1 skipped',
  );
});

test('failures are told apart by file, and those that name no file belong to none', (t) => {
  const report = `
  ✘ [fail]: packages › a › test › unit › one › it works Rejected promise returned by test
  ✘ [fail]: packages › a › test › unit › one › it goes on
  ✘ [fail]: packages › a › test › unit › one-more › it ends
  ✘ Timed out while running tests
`;
  const files = ['one', 'one-more', 'two'].map((name) => `packages/a/test/unit/${name}.test.ts`);
  t.deepEqual(
    [...failuresByFile(report, files)],
    [
      [files[0]!, 2],
      [files[1]!, 1],
    ],
  );
});

test('folders that all files have in common are missing in a report', (t) => {
  const files = ['a/test/unit/one.test.ts', 'b/test/unit/one.test.ts'].map((path) => `packages/${path}`);
  const report = '  ✘ [fail]: b › test › unit › one › it works';
  t.deepEqual([...failuresByFile(report, files)], [[files[1]!, 1]]);
});

test('a report of one file has no names of files', (t) => {
  t.deepEqual([...failuresByFile('  ✘ [fail]: it works', ['a.test.ts'])], [['a.test.ts', 1]]);
});
