/** Writes the project references of every package from its workspace dependencies. With `--check`: only compares. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { staleReferences } from './project-references.ts';
import { ROOT } from './workspace.ts';

const onlyCheck = process.argv.includes('--check');
for (const { path, text } of staleReferences()) {
  if (onlyCheck) process.exitCode = 1;
  else writeFileSync(join(ROOT, path), text);
  process.stdout.write(`${path} ${onlyCheck ? 'is stale' : 'written'}\n`);
}
