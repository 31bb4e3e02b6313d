import { registerHooks } from 'node:module';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './workspace.ts';

/*
 * `strip-ahead.ts PATTERN…`: has Node.js take the types out of files that many processes are about to load, and keep the
 * rest where `NODE_COMPILE_CACHE` says. Else each process loads a parser of TypeScript for a test file that no other one
 * needs: a third of what the process costs.
 */
const files = globSync(process.argv.slice(2), {
  cwd: ROOT,
  exclude: (path) => path.endsWith('node_modules'),
});
const ALL = 'strip-ahead:all';
const NOTHING = 'data:text/javascript,';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === ALL) return { url: ALL, shortCircuit: true };
    // What the files import is of no interest, or stands in the list.
    return context.parentURL === ALL ? next(specifier, context) : { url: NOTHING, shortCircuit: true };
  },
  load(url, context, next) {
    if (url !== ALL) return next(url, context);
    const imports = files.map((file) => `import ${JSON.stringify(pathToFileURL(resolve(ROOT, file)).href)};`);
    // What cannot be linked is not run: none of the files is.
    const source = [...imports, `import { missing } from ${JSON.stringify(NOTHING)};`].join('\n');
    return { format: 'module', source, shortCircuit: true };
  },
});
await import(ALL).catch((error: unknown) => {
  // A file that cannot be read fails its own test.
  if (!(error instanceof SyntaxError)) process.stderr.write(`${String(error)}\n`);
});
