/** Checks what the linter cannot see: the repository as a whole. Prints every finding with its cure. */
import { checkErrorCatalogues } from './checks/error-catalogues.ts';
import { checkLinks } from './checks/links.ts';
import { checkPackages } from './checks/packages.ts';
import { checkPages } from './checks/pages.ts';
import { checkReferences } from './checks/references.ts';
import { checkSnippets } from './checks/snippets.ts';
import { checkTypes } from './checks/types.ts';
import { checkWords } from './checks/words.ts';
import { renderFinding, type Finding } from './finding.ts';

const CHECKS: readonly (readonly [
  name: string,
  check: () => readonly Finding[] | Promise<readonly Finding[]>,
])[] = [
  ['types of tests, tooling, apps and examples', checkTypes],
  ['project references', checkReferences],
  ['packages', checkPackages],
  ['error catalogues', checkErrorCatalogues],
  ['generated pages', checkPages],
  ['links', checkLinks],
  ['snippets', checkSnippets],
  ['words', checkWords],
];

for (const [name, check] of CHECKS) {
  const findings = await check();
  process.stdout.write(`${findings.length === 0 ? 'ok    ' : 'FAILED'} ${name}\n`);
  for (const finding of findings) process.stdout.write(`  ${renderFinding(finding)}\n`);
  if (findings.length > 0) process.exitCode = 1;
}
