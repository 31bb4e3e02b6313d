// Program: `node src/main.ts --help`. Exits 1 when something could not be measured, 2 when the command line is wrong,
// 130 or 143 when it was interrupted, 0 otherwise: a figure is no failure.
import { fileURLToPath } from 'node:url';
import { runBench } from './bench.ts';
import { endEverything } from './child-processes.ts';
import { type Options, parseOptions, usage, UsageError } from './options.ts';
import { PEERS } from './peers.ts';
import { writeResults } from './results.ts';
import { SCENARIOS } from './scenarios.ts';
import { renderReport } from './table.ts';

const RESULTS = fileURLToPath(new URL('../results', import.meta.url));
const known = { scenarios: SCENARIOS, peers: PEERS, out: RESULTS };

async function measure(options: Options): Promise<number> {
  const report = await runBench(options, {
    say: (text) => console.error(text),
    keep: (found) => writeResults(found, options.out),
  });
  console.log(`\n${renderReport(report)}`);
  console.log(`Written to ${options.out}`);
  return report.scenarios.some(({ failed }) => failed.length > 0) ? 1 : 0;
}

function leave(code: number): void {
  endEverything();
  process.exit(code);
}

process.once('SIGINT', () => leave(130));
process.once('SIGTERM', () => leave(143));
try {
  const options = parseOptions(process.argv.slice(2), known);
  if (options) process.exitCode = await measure(options);
  else console.log(usage(known));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
