import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { findModule } from '../../src/application/module-path.ts';

const cwd = mkdtempSync(join(tmpdir(), 'module-path-'));
const FILES: Readonly<Record<string, string>> = {
  'app.ts': '',
  'both.js': '',
  'both.ts': '',
  'only.mjs': '',
  'src/web/index.js': '',
  'built/package.json': '{"main": "dist/start"}',
  'built/dist/start.cjs': '',
  'mysite/wsgi.ts': '',
  'notes.md': '',
  'node_modules/esm-only/package.json':
    '{"name": "esm-only", "type": "module", "exports": {"import": "./lib/main.js"}}',
  'node_modules/esm-only/lib/main.js': '',
};
test.before(() => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
});
test.after.always(() => rmSync(cwd, { recursive: true, force: true }));

const found: readonly [specifier: string, file: string][] = [
  ['app.ts', 'app.ts'],
  ['./app', 'app.ts'],
  ['both', 'both.ts'],
  ['both.js', 'both.js'],
  ['only', 'only.mjs'],
  ['src/web', 'src/web/index.js'],
  ['./built', 'built/dist/start.cjs'],
  ['esm-only', 'node_modules/esm-only/lib/main.js'],
  [join(cwd, 'app.ts'), 'app.ts'],
  [pathToFileURL(join(cwd, 'app.ts')).href, 'app.ts'],
];
for (const [specifier, file] of found) {
  test(`${specifier.replaceAll(cwd, '/cwd')} is ${file}`, (t) => {
    t.is(findModule(specifier, cwd).url, pathToFileURL(join(cwd, file)).href);
  });
}

const missing: readonly [specifier: string, suggestion: string | undefined][] = [
  ['app.js', 'app.ts'],
  ['./only.ts', './only.mjs'],
  ['mysite.wsgi', 'mysite/wsgi.ts'],
  ['notes.md', undefined],
  ['nothing', undefined],
];
for (const [specifier, suggestion] of missing) {
  const hint = suggestion === undefined ? 'nothing is suggested' : `${suggestion} is suggested`;
  test(`${specifier} is not found, and ${hint}`, (t) => {
    const search = findModule(specifier, cwd);
    if (search.url !== undefined) return t.fail(search.url);
    t.is(search.suggestion, suggestion);
    t.true(search.looked.length >= 2);
    return undefined;
  });
}

test('a package is only looked for when the module is not a path', (t) => {
  const search = findModule('./esm-only', cwd);
  t.is(search.url, undefined);
  t.false('looked' in search && search.looked.some((line) => line.includes('package')));
});
