import { globSync } from 'node:fs';
import { runCommand } from './command.ts';
import { tallyOf, type Tally } from './tally.ts';
import { ROOT } from './workspace.ts';

export type SuiteName = 'unit' | 'integration';

// Integration tests start whole servers and measure delays: on a machine of two cores more at a time would fail for
// want of a processor and not for a fault.
const OPTIONS: Readonly<Record<SuiteName, readonly string[]>> = {
  unit: [],
  integration: ['--serial', '--concurrency=2'],
};

/** Test files of a suite: `test/unit` starts no process, everything else does. */
export function testFiles(suite: SuiteName): readonly string[] {
  return globSync('{packages,apps,examples,tooling}/*/test/**/*.test.ts', {
    cwd: ROOT,
    exclude: (path) => path.endsWith('node_modules'),
  })
    .filter((path) => path.includes('/test/unit/') === (suite === 'unit'))
    .sort();
}

/** Runs a suite, showing AVA's report as it comes. */
export async function runSuite(suite: SuiteName, env: NodeJS.ProcessEnv = {}): Promise<Tally> {
  const { output, ok } = await runCommand('ava', [...OPTIONS[suite], ...testFiles(suite)], env);
  return tallyOf(output, ok);
}
