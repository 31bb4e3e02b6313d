// Program: `node src/build.ts` builds the site into dist/ of this package, or where `--output` says; `--serve` shows it.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, createServer } from 'vitepress';
import { assemble } from './assemble.ts';

const PACKAGE = join(import.meta.dirname, '..');

const { values } = parseArgs({ options: { serve: { type: 'boolean' }, output: { type: 'string' } } });
assemble();
if (values.serve === true) {
  const server = await createServer(PACKAGE);
  await server.listen();
  server.printUrls();
} else {
  await build(PACKAGE, values.output === undefined ? {} : { outDir: resolve(values.output) });
}
