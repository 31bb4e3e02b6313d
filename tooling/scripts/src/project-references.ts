import { relative } from 'node:path';
import { members, read, type Member } from './workspace.ts';

/** A file whose contents should be other than they are. */
export interface StaleFile {
  readonly path: string;
  readonly text: string;
}

/** `tsconfig.json` files of packages whose `references` are not the workspace dependencies of their `package.json`. */
export function staleReferences(): readonly StaleFile[] {
  const packages = members('packages');
  return packages.flatMap((member) => {
    const path = `${member.folder}/tsconfig.json`;
    const current = read(path);
    const config = JSON.parse(current) as { references?: readonly { readonly path: string }[] };
    const references = referencesOf(member, packages);
    if (JSON.stringify(config.references ?? []) === JSON.stringify(references)) return [];
    return [{ path, text: `${JSON.stringify({ ...config, references }, null, 2)}\n` }];
  });
}

function referencesOf(member: Member, packages: readonly Member[]): readonly { readonly path: string }[] {
  const { dependencies: needed, optionalDependencies } = member.manifest;
  const dependencies = Object.keys({ ...needed, ...optionalDependencies });
  return packages
    .filter(({ manifest }) => dependencies.includes(manifest.name))
    .map(({ folder }) => ({ path: relative(member.folder, folder) }));
}
