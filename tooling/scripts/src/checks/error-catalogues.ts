import { globSync } from 'node:fs';
import { lineAt, type Finding } from '../finding.ts';
import { read, ROOT } from '../workspace.ts';

/** Errors for the operator are made in the `errors.ts` of their package, where they can be read as a list. */
export function checkErrorCatalogues(): readonly Finding[] {
  return globSync('packages/*/src/**/*.ts', { cwd: ROOT })
    .filter((path) => !path.endsWith('/errors.ts'))
    .flatMap((path) => {
      const source = read(path);
      return [...source.matchAll(/new OperatorError\(/g)].map(({ index }) => ({
        where: `${path}:${lineAt(source, index)}`,
        what: 'an error for the operator is made outside the catalogue',
        cure: "move it to a function in the package's errors.ts",
      }));
    });
}
