import { realpathSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { importUserModule } from '../import-module.ts';

/** Where a module may begin: behind a first line that names its interpreter. */
const START = /^(?:#!.*\n)?/;

/**
 * Imports the application as the program that runs, for which it is taken when Node.js starts it alone: what it does
 * under `require.main === module`, `import.meta.main` or `process.argv[1] === import.meta.filename` is done.
 */
export async function importAsMain(url: string): Promise<Readonly<Record<string, unknown>>> {
  const file = realpathSync(fileURLToPath(url));
  process.argv[1] = file;
  const { cache } = createRequire(url);
  // `require.main` is read from here as the code of a module is about to run.
  Object.defineProperty(process, 'mainModule', { get: () => cache[file], configurable: true });
  const hooks = registerHooks({
    load(asked, context, next) {
      const loaded = next(asked, context);
      const { format, source } = loaded;
      if (asked !== url || source === null || source === undefined || format?.startsWith('module') !== true) {
        return loaded;
      }
      const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString();
      if (!text.includes('import.meta.main')) return loaded;
      // On the first line of code, so that no line of a stack moves.
      return { ...loaded, source: text.replace(START, '$&import.meta.main = true;') };
    },
  });
  try {
    return await importUserModule(url);
  } finally {
    hooks.deregister();
  }
}
