import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { panelsOf, renderChart } from './chart.ts';
import { renderPage } from './page.ts';
import { readPublished, writePublished } from './published.ts';
import { withFigures } from './readme.ts';
import type { Report } from './report.ts';

const FIGURES = 'results.json';

/** Writes the figures, and a chart for each scenario that is drawn, into a folder. */
export function writeResults(report: Report, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const figures = join(folder, FIGURES);
  // Aside first: an interrupt must not leave half of what an hour has measured.
  writeFileSync(`${figures}.new`, `${JSON.stringify(report, undefined, 2)}\n`);
  renameSync(`${figures}.new`, figures);
  for (const scenario of report.scenarios) {
    const panels = panelsOf(scenario);
    if (panels.length === 0) continue;
    writeFileSync(join(folder, `${scenario.name}.svg`), renderChart(scenario.title, panels));
  }
}

export function readResults(folder: string): Report {
  return JSON.parse(readFileSync(join(folder, FIGURES), 'utf8')) as Report;
}

/** Puts the results of a folder, the page about them and the figures of the README where readers of a checkout look. */
export function publishResults(folder: string, root: string): void {
  const text = writePublished(readResults(folder));
  // The page says what is published: of the digits that are left out it knows nothing.
  const report = readPublished(text);
  const target = join(root, 'docs/benchmarks');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const drawn = report.scenarios.map(({ name }) => `${name}.svg`);
  for (const file of readdirSync(folder)) {
    // A chart of an earlier run may lie beside those of this one.
    if (drawn.includes(file)) copyFileSync(join(folder, file), join(target, file));
  }
  writeFileSync(join(target, FIGURES), text);
  writeFileSync(`${target}.md`, renderPage(report));
  const readme = join(root, 'README.md');
  writeFileSync(readme, withFigures(readFileSync(readme, 'utf8'), report));
}
