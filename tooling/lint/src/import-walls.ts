import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { ownPackage, wallBetween } from './layers.ts';
import { placeOf, type Rule, type SyntaxNode } from './rule.ts';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifests = new Map<string, Manifest>();

function manifestOf(folder: string): Manifest {
  let manifest = manifests.get(folder);
  if (manifest === undefined) {
    manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    manifests.set(folder, manifest);
  }
  return manifest;
}

/** Whether a file may import a package: sources what is installed with them, the rest also what development has. */
function isDeclared(name: string, packageRoot: string, inSources: boolean): boolean {
  const own = manifestOf(packageRoot);
  const allowed = [{ [own.name]: '' }, own.dependencies, own.optionalDependencies, own.peerDependencies];
  if (!inSources) {
    allowed.push(own.devDependencies, manifestOf(join(packageRoot, '../..')).devDependencies);
  }
  // Types alone are enough for `import type` of a package that ships none itself.
  return allowed.some((names) => names !== undefined && (name in names || `@types/${name}` in names));
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** What is wrong with an import of `specifier` in the file, with the cure; `undefined` when nothing is. */
function wrongImport(filename: string, specifier: string, isOfTypes: boolean): string | undefined {
  const place = placeOf(filename);
  if (place === undefined || specifier.startsWith('.') || specifier.startsWith('#') || isBuiltin(specifier)) {
    return undefined;
  }
  const inSources = place.top === 'packages' && place.part === 'src';
  const own = ownPackage(specifier);
  if (own !== undefined && own.inside !== '' && own.inside !== 'package.json') {
    return `'${specifier}' reaches into a package; import from '${packageName(specifier)}', its one door, and export there what is needed`;
  }
  const wall = own !== undefined && inSources ? wallBetween(place.name, own.layer) : undefined;
  if (wall !== undefined) return `${place.name} must not import '${specifier}': ${wall}`;
  if (packageName(specifier) === 'koffi' && place.name !== 'posix') {
    return 'koffi is imported by posix alone, so that every system call is typed and checked in one place; add a function to packages/posix';
  }
  if (/^(file|data|https?):/.test(specifier)) return undefined;
  const name = packageName(specifier);
  // Types of others may be gone when the package is installed: no declaration that is published may lead to them, which
  // the check of a release holds.
  const isForDevelopment = isOfTypes && own === undefined;
  if (isDeclared(name, place.root, inSources && !isForDevelopment)) return undefined;
  const field = inSources ? 'dependencies' : 'devDependencies';
  return `'${name}' is not declared; add it to ${field} in the package.json of ${place.top}/${place.name}`;
}

/** Imports go up the list of layers, through the one door of a declared package. */
export const importWalls: Rule = {
  create(context) {
    function check(node: SyntaxNode): void {
      const source = node['source'] as { readonly value?: unknown } | null | undefined;
      if (typeof source?.value !== 'string') return;
      const message = wrongImport(context.filename, source.value, node['importKind'] === 'type');
      if (message !== undefined) context.report({ node: source, message });
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
