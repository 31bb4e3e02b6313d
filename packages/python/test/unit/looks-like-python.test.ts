import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { looksLikePython } from '../../src/looks-like-python.ts';

function folderWith(t: ExecutionContext, ...files: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'gunicorn-ts-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const file of files) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

test('words that name a module, a package or a file in Python that is there ask for Python', (t) => {
  const cwd = folderWith(t, 'app.py', 'mysite/__init__.py', 'below/inner.py');
  for (const argv of [
    ['app:application'],
    ['-w', '4', 'app'],
    ['mysite.wsgi'],
    ['app.py:create()'],
    ['-c', 'app.py', 'other:app'],
    ['--chdir', 'below', 'inner:app'],
    ['--pythonpath=/nowhere,below', 'inner:app'],
  ])
    t.true(looksLikePython(argv, cwd), argv.join(' '));
});

test('words of JavaScript, of what is not there, and of what does not serve here do not', (t) => {
  const cwd = folderWith(t, 'app.py', 'app.ts');
  for (const argv of [
    ['app.ts'],
    ['app.js:handler'],
    ['./dist/app'],
    ['other:app'],
    ['inner:app'],
    ['-D', 'app:application'],
    ['--python', 'python3.13', 'app:application'],
    ['--python=python3.13', 'app:application'],
    ['--version'],
    [],
  ])
    t.false(looksLikePython(argv, cwd), argv.join(' '));
});

test('a configuration file in Python that is found by its name asks for Python', (t) => {
  t.true(looksLikePython([], folderWith(t, 'gunicorn.conf.py')));
});
