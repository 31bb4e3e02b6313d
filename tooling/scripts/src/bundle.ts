import { globSync, readFileSync, rmSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { builtinsAsTheyAre } from './builtin-modules.ts';

/*
 * Run by the `build` script of a package, in its folder: `bundle.ts ENTRY…` makes one file of each program or
 * door of the package, and of what is loaded later. A process that loads ten files instead of two hundred starts in a
 * third of the time and keeps half of the memory. Each entry is for a process of its own: what two of them use is in
 * both, since a file for each set of entries that use a module would make twenty of ten. Other packages stay imports:
 * users install them by themselves.
 */
const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
for (const old of globSync('dist/**/*.js{,.map}')) rmSync(old);
const entries = process.argv.slice(2);

/** Another program of the package is one of its own when this one imports it: they share no file. */
const otherPrograms: Plugin = {
  name: 'other-programs',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, kind }) => {
      const name = relative(resolve('src'), resolve(resolveDir, path)).replace(/\.ts$/u, '');
      return kind === 'dynamic-import' && entries.includes(name)
        ? { path: `./${name}.js`, external: true }
        : undefined;
    });
  },
};

for (const entry of entries) {
  await build({
    entryPoints: [`src/${entry}.ts`],
    outdir: 'dist',
    outbase: 'src',
    chunkNames: 'part-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    plugins: [otherPrograms, builtinsAsTheyAre],
    platform: 'node',
    format: 'esm',
    target: `node${engines.node.replace('>=', '')}`,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
}
