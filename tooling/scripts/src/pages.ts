/** Writes the pages that are made from the sources. With `--check`: only compares. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPages } from './checks/pages.ts';
import { renderFinding } from './finding.ts';
import { generatedPages } from './pages/generated-pages.ts';
import { ROOT } from './workspace.ts';

if (process.argv.includes('--check')) {
  for (const finding of await checkPages()) {
    process.stdout.write(`${renderFinding(finding)}\n`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(join(ROOT, 'docs/drawings'), { recursive: true });
  for (const { path, text } of await generatedPages()) writeFileSync(join(ROOT, path), text);
}
