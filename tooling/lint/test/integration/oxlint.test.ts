import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';

const OXLINT = join(import.meta.dirname, '../../../../node_modules/.bin/oxlint');
const CONFIGURATION = {
  jsPlugins: [join(import.meta.dirname, '../../src/plugin.ts')],
  categories: { correctness: 'off' },
  rules: {
    'repository/import-walls': 'error',
    'repository/process-exit': 'error',
    'repository/fixed-sleep': 'error',
  },
};

/** Lints one file in a repository of its own, and gives the messages. */
async function lint(t: ExecutionContext, path: string, source: string): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), 'lint-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  const [top = '', name = ''] = path.split('/');
  const files = {
    'package.json': JSON.stringify({ name: 'root', devDependencies: { ava: '8' } }),
    '.oxlintrc.json': JSON.stringify(CONFIGURATION),
    [`${top}/${name}/package.json`]: JSON.stringify({
      name,
      dependencies: { '@gunicorn-ts/interface': '*' },
    }),
    [path]: source,
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const output = await new Promise<string>((resolve) => {
    execFile(OXLINT, ['--format=json', path], { cwd: root }, (_error, stdout) => resolve(stdout));
  });
  const { diagnostics } = JSON.parse(output) as { diagnostics: readonly { message: string }[] };
  return diagnostics.map(({ message }) => message);
}

test('an import that the walls forbid is reported, in each of its forms', async (t) => {
  const messages = await lint(
    t,
    'packages/config/src/a.ts',
    [
      "import '@gunicorn-ts/arbiter';",
      "export * from '@gunicorn-ts/arbiter';",
      "export { x } from '@gunicorn-ts/arbiter';",
      "const later = import('@gunicorn-ts/arbiter');",
    ].join('\n'),
  );
  t.is(messages.length, 4);
  for (const message of messages) t.regex(message, /config must not import '@gunicorn-ts\/arbiter'/);
});

test('a declared package, a neighbouring file and a Node.js module may be imported', async (t) => {
  const source = "import '@gunicorn-ts/interface';\nimport './b.ts';\nimport 'node:fs';\n";
  t.deepEqual(await lint(t, 'packages/config/src/a.ts', source), []);
});

test('what only development has is for tests', async (t) => {
  const source = "import test from 'ava';\ntest('x', (t) => t.pass());\n";
  t.deepEqual(await lint(t, 'packages/config/test/unit/a.test.ts', source), []);
  const [message] = await lint(t, 'packages/config/src/a.ts', source);
  t.regex(message ?? '', /'ava' is not declared; add it to dependencies in .* packages\/config/);
});

test('types of others are there while it is built, those of a neighbour must be installed with it', async (t) => {
  const types = "import type { ExecutionContext } from 'ava';\nexport type A = ExecutionContext;\n";
  t.deepEqual(await lint(t, 'packages/logging/src/a.ts', types), []);
  const ours = "import type * as Kit from '@gunicorn-ts/test-kit';\nexport type A = typeof Kit;\n";
  t.is((await lint(t, 'packages/admin/src/a.ts', ours)).length, 1);
});

test('reaching into a package is reported, with its one door', async (t) => {
  const [message] = await lint(t, 'examples/x/app.ts', "import '@gunicorn-ts/http/src/input.ts';\n");
  t.regex(message ?? '', /import from '@gunicorn-ts\/http', its one door/);
});

test('koffi belongs to posix', async (t) => {
  const [message] = await lint(
    t,
    'packages/arbiter/src/a.ts',
    "import koffi from 'koffi';\nkoffi.load('c');\n",
  );
  t.regex(message ?? '', /posix alone/);
});

test('only the entry of a program may end the process', async (t) => {
  const source = 'process.exit(1);\n';
  t.regex((await lint(t, 'packages/arbiter/src/a.ts', source)).join(''), /throw an OperatorError/);
  t.is((await lint(t, 'packages/gunicorn/src/daemon.ts', source)).length, 1);
  t.deepEqual(await lint(t, 'packages/gunicorn/src/bin.ts', source), []);
  t.deepEqual(await lint(t, 'packages/worker-host/src/main.ts', source), []);
});

test('a sleep of a fixed time in a test is reported, in each of its forms', async (t) => {
  const messages = await lint(
    t,
    'packages/config/test/unit/a.test.ts',
    [
      'await setTimeout(100);',
      'await new Promise((resolve) => setTimeout(resolve, 100));',
      'await new Promise((resolve) => { setTimeout(resolve, 100); });',
    ].join('\n'),
  );
  t.is(messages.length, 3);
});

test('a pause between two looks at a condition, and a deadline, are no fixed sleep', async (t) => {
  const source = [
    'while (!done()) await setTimeout(10);',
    'await new Promise((resolve, reject) => { setTimeout(reject, 100); server.once("x", resolve); });',
  ].join('\n');
  t.deepEqual(await lint(t, 'packages/config/test/unit/a.test.ts', source), []);
});
