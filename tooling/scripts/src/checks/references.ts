import type { Finding } from '../finding.ts';
import { staleReferences } from '../project-references.ts';

/** A package's `tsconfig.json` names as references what its `package.json` depends on in the workspace. */
export function checkReferences(): readonly Finding[] {
  return staleReferences().map(({ path }) => ({
    where: path,
    what: 'its references are not the dependencies of package.json',
    cure: 'run `pnpm references`',
  }));
}
