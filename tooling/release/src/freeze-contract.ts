/**
 * `node tooling/release/src/freeze-contract.ts [--again]`: keeps the declarations of the interface as those of its version,
 * for the test that compares later ones with them. Run when a version of the contract is new, before its first release.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from '@gunicorn-ts/scripts';

const PACKAGE = join(ROOT, 'packages/interface');
const version = /readonly interfaceVersion: (\d+);/.exec(
  readFileSync(join(PACKAGE, 'dist/worker.d.ts'), 'utf8'),
)?.[1];
if (version === undefined) throw new Error('interface has no version; run pnpm build');
const folder = join(PACKAGE, 'contract', version);
if (existsSync(folder) && !process.argv.includes('--again'))
  throw new Error(
    `version ${version} of the contract is kept in ${folder}; once it was released it must stay as it is. Before, write --again`,
  );
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const path of globSync('dist/*.d.ts', { cwd: PACKAGE }).sort()) {
  // Without comments: what is promised to a compiler is compared, and nothing else.
  const text = readFileSync(join(PACKAGE, path), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/\n\s*\n+/g, '\n')
    .trim();
  writeFileSync(join(folder, basename(path)), `${text}\n`);
}
