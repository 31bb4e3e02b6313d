// Program: `node src/publish.ts [FOLDER]` puts the results of a run into docs/benchmarks, and writes the page about
// them and the figures of the README. Exits 2 when that run was too short to be shown to anybody.
import { fileURLToPath } from 'node:url';
import { publishResults, readResults } from './results.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../results', import.meta.url));
if (readResults(folder).quick) {
  console.error(`The results in ${folder} are of a run with --quick; run the bench without it first`);
  process.exitCode = 2;
} else {
  publishResults(folder, fileURLToPath(new URL('../../..', import.meta.url)));
}
