import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type TypeScript from 'typescript-5.9';
import { testedPeers } from './catalog.ts';
import { inLanes } from './lanes.ts';
import { emptyProject } from './package-manager.ts';
import type { Place, Step } from './step.ts';

/** Names in this package's dependencies of the compilers that users have. */
const COMPILERS = ['typescript-5.9', 'typescript'] as const;

/** Resolutions that a project may be set up with. `node10` is gone in TypeScript 7, and bundlers do as `bundler` says. */
const RESOLUTIONS: readonly (readonly [module: string, resolution: string])[] = [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
];

/** Every public name of every package, and each declaration behind it, under the compilers that users have. */
export const checkTypes: Step = {
  name: 'types of every public name, on TypeScript 5.9 and 7',
  async run(place) {
    const project = join(place.projects, 'types');
    const problem = await install(project, place);
    if (problem !== undefined) return [problem];
    let count = 0;
    const all = publicNames(
      project,
      place.tarballs.map(({ manifest }) => manifest.name),
    );
    for (const { manifest } of place.tarballs) {
      const names = all.get(manifest.name) ?? [];
      count += names.length;
      // By its name alone: a type with parameters need not be given any.
      const text = names.length === 0 ? '' : `export type { ${names.join(', ')} } from '${manifest.name}';\n`;
      writeFileSync(join(project, 'src', `${manifest.name.replace('/', '-')}.ts`), text);
    }
    const problems = await inLanes(
      COMPILERS.flatMap((compiler) =>
        RESOLUTIONS.map(
          ([module, resolution]) =>
            () =>
              compile(project, { compiler, module, resolution }, place),
        ),
      ),
    );
    place.say(`       ${count} names`);
    return problems;
  },
};

async function install(
  project: string,
  { managers, registry, tarballs, home }: Place,
): Promise<string | undefined> {
  const [npm] = managers;
  if (npm === undefined) throw new Error('there is no package manager');
  emptyProject(project, npm, registry.url);
  const names = tarballs.map(({ manifest }) => manifest.name);
  const { code, output } = await home.run(
    [...npm.add, ...names, ...testedPeers(), '@types/node@24'],
    project,
  );
  mkdirSync(join(project, 'src'));
  return code === 0 ? undefined : `npm install of all packages ended with ${code}:\n${output}`;
}

/** What the types of packages export, read from their declarations: the lists of names in their `index.d.ts`. */
function publicNames(project: string, packages: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const ts = createRequire(import.meta.url)('typescript-5.9') as typeof TypeScript;
  const entryOf = (name: string): string => join(project, 'node_modules', name, 'dist/index.d.ts');
  const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const program = ts.createProgram(packages.map(entryOf), { ...options, skipLibCheck: true, types: [] });
  const checker = program.getTypeChecker();
  const namesOf = (name: string): readonly string[] => {
    const source = program.getSourceFile(entryOf(name));
    const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    if (symbol === undefined) throw new Error(`${name} has no declarations at ${entryOf(name)}`);
    return checker
      .getExportsOfModule(symbol)
      .map((one) => one.getName())
      .filter((one) => one !== 'default');
  };
  return new Map(packages.map((name) => [name, namesOf(name)]));
}

async function compile(
  project: string,
  { compiler, module, resolution }: { compiler: string; module: string; resolution: string },
  { home }: Place,
): Promise<readonly string[]> {
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2024', 'esnext.disposable'],
    module,
    moduleResolution: resolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    // The declarations themselves are what is checked.
    skipLibCheck: false,
    types: ['node'],
  };
  const config = join(project, `tsconfig.${compiler}.${resolution}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, include: ['src'] }));
  const manifest = createRequire(import.meta.url).resolve(`${compiler}/package.json`);
  const tsc = join(dirname(manifest), 'bin/tsc');
  const { code, output } = await home.run(
    [process.execPath, tsc, '-p', config, '--pretty', 'false'],
    project,
  );
  return code === 0 ? [] : [`${compiler}, ${resolution}:\n${output.slice(0, 4000)}`];
}
