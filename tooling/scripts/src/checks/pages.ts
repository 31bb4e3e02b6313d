import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../finding.ts';
import { generatedPages } from '../pages/generated-pages.ts';
import { read, ROOT } from '../workspace.ts';

/** Pages that are made from the sources are what the sources say now. */
export async function checkPages(): Promise<readonly Finding[]> {
  const pages = await generatedPages();
  return pages
    .filter(({ path, text }) => !existsSync(join(ROOT, path)) || read(path) !== text)
    .map(({ path }) => ({ where: path, what: 'is not what the sources say', cure: 'run `pnpm pages`' }));
}
