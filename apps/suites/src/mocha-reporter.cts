// A reporter of mocha, from its version 8 on: a line of JSON for each test that has ended, in the file that
// SUITES_REPORT names, at once: a suite that hangs has told what it had. CommonJS, since mocha takes no `default`.
const { appendFileSync } = process.getBuiltinModule('node:fs');

interface MochaTest {
  readonly file?: string | null;
  fullTitle(): string;
}

interface MochaRunner {
  on(event: 'pass' | 'fail', listener: (test: MochaTest) => void): void;
}

/** Called with `new`, which is why it is no arrow function. */
function Reporter(runner: MochaRunner): void {
  runner.on('pass', (test) => tell(test, 'passed'));
  runner.on('fail', (test) => tell(test, 'failed'));
}

function tell(test: MochaTest, verdict: 'passed' | 'failed'): void {
  const line = { file: test.file ?? '', path: [test.fullTitle()], verdict };
  appendFileSync(process.env['SUITES_REPORT']!, `${JSON.stringify(line)}\n`);
}

module.exports = Reporter;
