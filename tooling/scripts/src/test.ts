/**
 * Builds, checks and tests everything, and closes with `N passed, N failed`. `--unit` or `--integration` builds and
 * runs that suite alone.
 */
import { parseArgs } from 'node:util';
import { runCommand } from './command.ts';
import { runSuite, type SuiteName } from './suite.ts';
import { add, closingLine, NOTHING, type Tally } from './tally.ts';

interface Step {
  readonly title: string;
  run(): Promise<Tally>;
  /** Nothing after it makes sense when it fails. */
  readonly vital?: boolean;
}

function commandStep(title: string, name: string, ...args: readonly string[]): Step {
  return {
    title,
    async run() {
      const { ok } = await runCommand(name, args);
      return ok ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
    },
  };
}

function suiteStep(suite: SuiteName): Step {
  return { title: `${suite} tests`, run: () => runSuite(suite) };
}

const BUILD: Step = {
  ...commandStep('build', 'turbo', 'run', 'build', '--filter=./packages/*', '--output-logs=errors-only'),
  vital: true,
};

const CHECKS: readonly Step[] = [
  commandStep('lint', 'oxlint', '--deny-warnings'),
  commandStep('format', 'oxfmt', '--check'),
  commandStep('repository', 'node', 'tooling/scripts/src/check.ts'),
];

function stepsFor(options: { unit?: boolean; integration?: boolean }): readonly Step[] {
  if (options.unit === true) return [BUILD, suiteStep('unit')];
  if (options.integration === true) return [BUILD, suiteStep('integration')];
  return [BUILD, ...CHECKS, suiteStep('unit'), suiteStep('integration')];
}

async function runSteps(steps: readonly Step[]): Promise<Tally> {
  let total = NOTHING;
  for (const step of steps) {
    process.stdout.write(`\n== ${step.title}\n`);
    const started = performance.now();
    const tally = await step.run();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`-- ${step.title}: ${closingLine(tally)} (${seconds} s)\n`);
    total = add(total, tally);
    if (step.vital === true && tally.failed > 0) break;
  }
  return total;
}

const { values } = parseArgs({ options: { unit: { type: 'boolean' }, integration: { type: 'boolean' } } });
const total = await runSteps(stepsFor(values));
process.stdout.write(`\n${closingLine(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
