import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'node-builtin';

/** What many processes import and few call. Their functions load them at the first call. */
const LATE: ReadonlySet<string> = new Set([
  'node:child_process',
  'node:crypto',
  'node:dns',
  'node:dns/promises',
  'node:fs/promises',
  'node:readline',
  'node:tty',
  'node:v8',
  'node:vm',
]);

/** Functions that are dear to call for the first time, and what a bundle has in their place: cheaper, and the same. */
const IN_PLACE_OF: ReadonlyMap<string, { readonly names: readonly string[]; readonly file: string }> =
  new Map([['node:net', { names: ['isIP', 'isIPv6'], file: 'ip-address.ts' }]]);

/**
 * Takes what is imported of Node.js's own modules from the module objects themselves. An `import` of one makes its ES
 * module first, which reads every property that it has: behind those of `node:fs`, `node:util` and others stand getters
 * that load streams, readline and more, 15 ms in each process that starts.
 */
export const builtinsAsTheyAre: Plugin = {
  name: 'builtins-as-they-are',
  setup({ onResolve, onLoad }) {
    // One for each file that imports it: what two parts of a package share is a file that both have to load.
    onResolve({ filter: /^node:/ }, ({ path, kind, importer }) =>
      kind === 'import-statement'
        ? { path: `${path} for ${importer}`, pluginData: path, namespace: NAMESPACE, sideEffects: false }
        : undefined,
    );
    onLoad({ filter: /./, namespace: NAMESPACE }, ({ pluginData }) => ({
      contents: moduleOf(pluginData as string),
      loader: 'ts',
    }));
  },
};

/** What is not used of it does not get into the bundle: all of it is said to be free of effects. */
export function moduleOf(path: string): string {
  const module = (process.getBuiltinModule(path) ?? {}) as Readonly<Record<string, unknown>>;
  const given = `process.getBuiltinModule(${JSON.stringify(path)})`;
  const other = IN_PLACE_OF.get(path);
  const names = Object.keys(module).filter((name) => IDENTIFIER.test(name) && !other?.names.includes(name));
  if (LATE.has(path)) {
    const functions = names.filter((name) => isPlainFunction(name, module[name]));
    return functions
      .map((name) => `export const ${name} = (...given) => ${given}.${name}(...given);`)
      .join('\n');
  }
  return [
    `const found = /* @__PURE__ */ ${given};`,
    'const take = (name) => found[name];',
    ...names.map((name) => `export const ${name} = /* @__PURE__ */ take(${JSON.stringify(name)});`),
    'export default found;',
    other === undefined ? '' : withoutImports(other.file),
  ].join('\n');
}

/** What it imports is of the same module of Node.js, and stands before it. */
function withoutImports(file: string): string {
  return readFileSync(join(import.meta.dirname, file), 'utf8').replaceAll(/^import .*$/gmu, '');
}

/** A class, of which there may be instances already, is no function that can be stood in for. */
function isPlainFunction(name: string, value: unknown): boolean {
  return typeof value === 'function' && /^[a-z]/.test(name);
}

const IDENTIFIER = /^(?!default$)[A-Za-z_$][\w$]*$/;
