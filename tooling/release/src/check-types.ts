import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type TypeScript from 'typescript-5.9';
import { testedPeers } from './catalog.ts';
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
    for (const { manifest } of place.tarballs) {
      const names = publicNames(project, manifest.name);
      count += names.length;
      // By its name alone: a type with parameters need not be given any.
      const text = names.length === 0 ? '' : `export type { ${names.join(', ')} } from '${manifest.name}';\n`;
      writeFileSync(join(project, 'src', `${manifest.name.replace('/', '-')}.ts`), text);
    }
    const problems = COMPILERS.flatMap((compiler) =>
      RESOLUTIONS.flatMap(([module, resolution]) => compile(project, compiler, { module, resolution })),
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

/** What the types of a package export, read from its declarations: the list of names in its `index.d.ts`. */
function publicNames(project: string, name: string): readonly string[] {
  const ts = createRequire(import.meta.url)('typescript-5.9') as typeof TypeScript;
  const entry = join(project, 'node_modules', name, 'dist/index.d.ts');
  const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const program = ts.createProgram([entry], { ...options, skipLibCheck: true, types: [] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (symbol === undefined) throw new Error(`${name} has no declarations at ${entry}`);
  return checker
    .getExportsOfModule(symbol)
    .map((one) => one.getName())
    .filter((one) => one !== 'default');
}

function compile(
  project: string,
  compiler: string,
  { module, resolution }: { module: string; resolution: string },
): readonly string[] {
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
  const config = join(project, `tsconfig.${resolution}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, include: ['src'] }));
  const manifest = createRequire(import.meta.url).resolve(`${compiler}/package.json`);
  const tsc = join(dirname(manifest), 'bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', config, '--pretty', 'false'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return [];
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return [`${compiler}, ${resolution}:\n${(stdout + stderr).slice(0, 4000)}`];
  }
}
