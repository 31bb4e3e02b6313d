// Program: `node src/main.ts --help`. Exits 1 when a test differs and nobody has said why, or when a suite could not be
// run, 2 when the command line is wrong, 130 or 143 when it was interrupted, 0 otherwise.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endEverything } from './children.ts';
import { compareSuite } from './compare.ts';
import { NotInstalled, UsageError } from './errors.ts';
import { explain } from './explanations.ts';
import { type Options, parseOptions, RECORDS, usage } from './options.ts';
import { renderPage } from './page.ts';
import { keepRecord, readRecord, type SuiteRecord } from './record.ts';
import { SUITES } from './suites.ts';

const PAGE = fileURLToPath(new URL('../RESULTS.md', import.meta.url));

async function compare(options: Options): Promise<number> {
  let failures = 0;
  for (const suite of options.suites) {
    try {
      const record = await compareSuite(suite, options, (text) => console.error(text));
      keepRecord(record, RECORDS);
      writePage();
      failures += report(record);
    } catch (error) {
      if (!(error instanceof NotInstalled)) throw error;
      console.error(`${suite.name} was left out: ${error.message}`);
      failures++;
    }
  }
  return failures > 0 ? 1 : 0;
}

/** Of all suites that have been run, now or before. */
function writePage(): void {
  const records = SUITES.flatMap(({ name }) => readRecord(name, RECORDS) ?? []);
  writeFileSync(PAGE, renderPage(records));
}

/** Says what differs. @returns how much of it nobody has explained */
function report({ suite, tallies }: SuiteRecord): number {
  let unexplained = 0;
  for (const [server, { differences }] of Object.entries(tallies)) {
    for (const { title, onNode, onEngine } of differences) {
      const reason = explain(suite, title);
      if (reason === undefined || reason.startsWith('Mended after this run')) unexplained++;
      console.error(`  ${server}: ${title}: ${onEngine}, not ${onNode}${reason ? `: ${reason}` : ''}`);
    }
  }
  return unexplained;
}

function leave(code: number): void {
  endEverything();
  process.exit(code);
}

process.once('SIGINT', () => leave(130));
process.once('SIGTERM', () => leave(143));
try {
  const options = parseOptions(process.argv.slice(2), process.env, SUITES);
  if (options) process.exitCode = await compare(options);
  else console.log(usage(SUITES));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
