import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { packageName } from '../../src/arguments.ts';
import { main } from '../../src/main.ts';

interface Ran {
  readonly code: number;
  readonly output: string;
  readonly folder: string;
}

async function create(
  t: ExecutionContext,
  argv: readonly string[],
  { env = {}, before }: { env?: NodeJS.ProcessEnv; before?: (cwd: string) => void } = {},
): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'gunicorn-create-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  before?.(folder);
  let output = '';
  const stream = { write: (text: string) => (output += text) };
  const io = { stdout: stream, stderr: stream, env, cwd: folder, isTerminal: false };
  return { code: await main(argv, io), output, folder };
}

test('a template becomes a project, and the next commands are said', async (t) => {
  const { code, output, folder } = await create(t, ['My App', '--template', 'express']);
  t.is(code, 0);
  const inside = readdirSync(join(folder, 'My App'));
  const files = '.dockerignore .gitignore Dockerfile app.ts gunicorn.conf.ts package.json tsconfig.json';
  t.deepEqual(inside.sort(), files.split(' '));
  const manifest = JSON.parse(readFileSync(join(folder, 'My App/package.json'), 'utf8'));
  t.is(manifest.name, 'my-app');
  t.deepEqual(manifest.scripts, { start: 'gunicorn', dev: 'gunicorn --reload' });
  t.regex(manifest.dependencies['gunicorn-ts'], /^\^\d+\.\d+\.\d+/);
  t.true(output.endsWith("Next:\n  cd 'My App'\n  npm install\n  npm run dev\n"), output);
});

test('a template of Python says how its environment is made', async (t) => {
  const { output, folder } = await create(t, ['.', '-t', 'django'], {
    env: { npm_config_user_agent: 'pnpm/12.0.0 node/v24' },
  });
  t.regex(
    output,
    /Next:\n {2}python3 -m venv \.venv && \. \.venv\/bin\/activate\n {2}pip install -r requirements\.txt\n {2}pnpm install\n/,
  );
  t.regex(readFileSync(join(folder, 'gunicorn.conf.ts'), 'utf8'), /app: 'mysite\.wsgi:application'/);
});

test('a folder with something in it is refused, and nothing is written', async (t) => {
  const before = (cwd: string) => {
    mkdirSync(join(cwd, 'shop'));
    writeFileSync(join(cwd, 'shop/index.js'), '');
  };
  const { code, output, folder } = await create(t, ['shop', '-t', 'fetch'], { before });
  t.is(code, 1);
  t.regex(
    output,
    /the folder shop is not empty: it holds index\.js; .*npx gunicorn init.*\[ERR_CREATE_NOT_EMPTY\]/,
  );
  t.deepEqual(readdirSync(join(folder, 'shop')), ['index.js']);
});

test('a repository without a file is empty enough', async (t) => {
  const before = (cwd: string) => mkdirSync(join(cwd, '.git'));
  t.is((await create(t, ['.', '-t', 'fetch'], { before })).code, 0);
});

test('what is missing cannot be asked for without a terminal, and a mistake is said with what there is', async (t) => {
  const missing = await create(t, ['app']);
  t.is(missing.code, 2);
  t.regex(missing.output, /-- --template fetch .*\[ERR_CREATE_NO_TERMINAL\]/);
  const unknown = await create(t, ['app', '--template', 'rails']);
  t.is(unknown.code, 2);
  t.regex(unknown.output, /--template fetch, node, .*, not rails/);
});

test('a folder gives a name that npm takes', (t) => {
  t.is(packageName('My Shop!'), 'my-shop');
  t.is(packageName('.hidden'), 'hidden');
  t.is(packageName('…'), 'app');
});
