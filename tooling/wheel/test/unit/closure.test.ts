import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runtimeClosure } from '../../src/closure.ts';

/** A project with packages at these places, each with what its `package.json` says. */
function project(t: ExecutionContext, packages: Readonly<Record<string, object>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gunicorn-closure-')));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [place, manifest] of Object.entries(packages)) {
    mkdirSync(join(folder, place), { recursive: true });
    writeFileSync(join(folder, place, 'package.json'), JSON.stringify(manifest));
  }
  return folder;
}

test('what a package needs at run time is found, and what that needs', (t) => {
  const folder = project(t, {
    '.': { name: 'root', dependencies: { one: '1' }, devDependencies: { absent: '1' } },
    'node_modules/one': { name: 'one', dependencies: { two: '1' }, optionalDependencies: { absent: '1' } },
    'node_modules/two': { name: 'two', dependencies: { one: '1' } },
  });
  t.deepEqual([...runtimeClosure([folder]).keys()], ['one', 'root', 'two']);
});

test('two versions of a package are refused, since one folder holds one', (t) => {
  const folder = project(t, {
    '.': { name: 'root', dependencies: { one: '1', two: '1' } },
    'node_modules/one': { name: 'one', dependencies: { two: '2' } },
    'node_modules/one/node_modules/two': { name: 'two', version: '2.0.0' },
    'node_modules/two': { name: 'two', version: '1.0.0' },
  });
  t.throws(() => runtimeClosure([folder]), { message: /there are two of two/ });
});

test('what is not installed is said with who needs it', (t) => {
  const folder = project(t, { '.': { name: 'root', dependencies: { one: '1' } } });
  t.throws(() => runtimeClosure([folder]), { message: /one, which .* needs, is not installed/ });
});
