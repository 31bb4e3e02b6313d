import { dirname } from 'node:path';
import { tmpdir } from 'node:os';
import { lineAt, type Finding } from '../finding.ts';
import { committedFiles, read, ROOT } from '../workspace.ts';

interface Ban {
  readonly pattern: RegExp;
  readonly what: string;
  readonly cure: string;
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}

/** Folders of this checkout whose names would mean nothing to anybody else. */
function placesOfThisMachine(root: string): readonly string[] {
  const parent = dirname(root);
  return [tmpdir(), '/', '/home', '/root', '/var/tmp'].includes(parent) ? [root] : [root, parent];
}

export function bans(root: string): readonly Ban[] {
  const places = placesOfThisMachine(root).map(literal).join('|');
  return [
    {
      pattern: /\b(?:TODO|FIXME|XXX)\b/g,
      what: 'leaves something for later',
      cure: 'do it, or take it out',
    },
    {
      pattern: new RegExp(String.raw`(?<![\w.-])(?:${places})(?=/[\w.])`, 'g'),
      what: 'names a folder of one machine',
      cure: 'write a path relative to the repository',
    },
    {
      pattern: /\b(?:registry\.(?:npmjs|yarnpkg)\.\w+|(?:artifactory|nexus|verdaccio)\.[\w.-]+)/g,
      what: 'names a registry host',
      cure: 'leave the choice to who installs',
    },
  ];
}

/** Text files that are written by hand; this file names what it bans. */
function isProse(path: string): boolean {
  return (
    /\.(?:[cm]?[jt]s|json|md|ya?ml|sh|conf|http)$|^\.ci\//.test(path) && !/\/words(?:\.test)?\.ts$/.test(path)
  );
}

/** Nothing is left for later, and nothing names the machine that it was written on. */
export function checkWords(): readonly Finding[] {
  const banned = bans(ROOT);
  return committedFiles()
    .filter(isProse)
    .flatMap((path) => {
      const text = read(path);
      return banned.flatMap(({ pattern, what, cure }) =>
        [...text.matchAll(pattern)].map((found) => ({
          where: `${path}:${lineAt(text, found.index)}`,
          what: `'${found[0]}' ${what}`,
          cure,
        })),
      );
    });
}
