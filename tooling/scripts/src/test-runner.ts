import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { ROOT } from './workspace.ts';

/** AVA leaves frames of files that lie in a folder of this name out of what it shows of a stack. */
const FOLDER = join(ROOT, '.cache/ava/lib');

/** What a test file gets when it imports `ava`, and shares with the process that runs it. */
const SHARED = /\/lib\/worker\/(?:state|utils)\.js$/u;

/**
 * Makes two files of AVA, one of its command and one of the process that it starts for each test file, and returns the
 * command's. Four hundred files of it and its packages are found and loaded by each of more than four hundred
 * processes otherwise: two fifths of what a test file with little in it costs.
 */
export async function bundleTestRunner(): Promise<string> {
  const ava = dirname(dirname(fileURLToPath(import.meta.resolve('ava'))));
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), '{"type":"module"}\n');
  await build({
    // The command looks for the other one at this place beside itself.
    entryPoints: { ava: join(ava, 'entrypoints/cli.js'), 'worker/base': join(ava, 'lib/worker/base.js') },
    outdir: FOLDER,
    bundle: true,
    plugins: [stayingOutside(ava)],
    external: ['@ava/typescript'],
    platform: 'node',
    format: 'esm',
    target: 'node22',
    // What it bundles of CommonJS asks for modules of Node.js with it.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning',
  });
  return join(FOLDER, 'ava.js');
}

function stayingOutside(ava: string): Plugin {
  return {
    name: 'staying-outside',
    setup({ onResolve }) {
      onResolve({ filter: /^\..*\/(?:state|utils|watcher)\.js$/ }, ({ path, resolveDir }) => {
        const file = join(resolveDir, path);
        // The watcher would bring packages with parts that are not JavaScript.
        const stays = file === join(ava, 'lib/watcher.js') || (file.startsWith(ava) && SHARED.test(file));
        return stays ? { path: file, external: true } : undefined;
      });
    },
  };
}
