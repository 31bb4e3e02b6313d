/**
 * Runs the integration tests against servers on each supported Node.js, or on those named: `pnpm test:matrix 22`. The
 * tests themselves stay on the Node.js of the repository.
 */
import { execFileSync } from 'node:child_process';
import { nodeRelease } from './node-release.ts';
import { runSuite } from './suite.ts';
import { add, closingLine, NOTHING, type Tally } from './tally.ts';

const SUPPORTED = ['22', '24', '26'];

async function runOn(line: string): Promise<Tally> {
  let node: string;
  try {
    node = nodeRelease(line);
  } catch (error) {
    const { message, cause } = error as Error;
    process.stdout.write(`-- Node.js ${line} was not tested: ${message}\n${String(cause)}\n`);
    return { ...NOTHING, failed: 1 };
  }
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  process.stdout.write(`\n== integration tests on Node.js ${version}\n`);
  const tally = await runSuite('integration', { GUNICORN_TEST_NODE: node });
  process.stdout.write(`-- Node.js ${version}: ${closingLine(tally)}\n`);
  return tally;
}

const named = process.argv.slice(2);
let total = NOTHING;
for (const line of named.length > 0 ? named : SUPPORTED) total = add(total, await runOn(line));
process.stdout.write(`\n${closingLine(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
