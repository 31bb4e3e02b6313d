// Program: `node src/main.ts --help`. Exits 1 when something could not be measured, 2 when the command line is wrong,
// 130 or 143 when it was interrupted, 0 otherwise: a figure is no failure.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBench } from './bench.ts';
import { panelsOf, renderChart } from './chart.ts';
import { endEverything } from './child-processes.ts';
import { type Options, parseOptions, usage, UsageError } from './options.ts';
import { PEERS } from './peers.ts';
import type { Report } from './report.ts';
import { SCENARIOS } from './scenarios.ts';
import { renderReport } from './table.ts';

const RESULTS = fileURLToPath(new URL('../results', import.meta.url));
const known = { scenarios: SCENARIOS, peers: PEERS, out: RESULTS };

async function measure(options: Options): Promise<number> {
  const report = await runBench(options, (text) => console.error(text));
  console.log(`\n${renderReport(report)}`);
  write(report, options.out);
  return report.scenarios.some(({ failed }) => failed.length > 0) ? 1 : 0;
}

function write(report: Report, out: string): void {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'results.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  for (const scenario of report.scenarios) {
    const panels = panelsOf(scenario);
    if (panels.length === 0) continue;
    writeFileSync(join(out, `${scenario.name}.svg`), renderChart(scenario.title, panels));
  }
  console.log(`Written to ${out}`);
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
