import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, '../../src/strip-ahead.ts');

test('types are taken out of files, which are not run for it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gunicorn-ts-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const mark = join(folder, 'was-run');
  const source = `const mark: string = ${JSON.stringify(mark)};
process.getBuiltinModule('node:fs').writeFileSync(mark, '');
`;
  for (const name of ['one.ts', 'other.ts']) writeFileSync(join(folder, name), source);
  const kept = join(folder, 'kept');
  const env = { ...process.env, NODE_COMPILE_CACHE: kept };
  await run(process.execPath, [PROGRAM, join(folder, '*.ts')], { env });
  const before = globSync('*/*', { cwd: kept });
  // What it leaves is what Node.js looks for when it runs the file.
  await run(process.execPath, [join(folder, 'one.ts')], { env: { ...env, NODE_OPTIONS: '' } });
  t.true(existsSync(mark));
  t.true(before.length >= 4);
  t.deepEqual(globSync('*/*', { cwd: kept }).sort(), before.sort());
});

test('a file that is no TypeScript fails its own test, and not the run', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gunicorn-ts-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'wrong.ts'), 'const = ;');
  await t.notThrowsAsync(run(process.execPath, [PROGRAM, join(folder, '*.ts')]));
});
