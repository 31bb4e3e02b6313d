import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { COMMAND, Folder, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const run = promisify(execFile);

async function init(
  t: ExecutionContext,
  files: Readonly<Record<string, string>>,
  ...words: readonly string[]
) {
  const folder = new Folder(files);
  t.teardown(() => folder.remove());
  const result = await run(process.execPath, [COMMAND, 'init', ...words], { cwd: folder.path }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  return { folder, result };
}

test('what gunicorn init writes serves the application that it found, and a second time nothing is written', async (t) => {
  const { folder, result } = await init(t, {
    'package.json': '{ "type": "module", "scripts": { "start": "node src/server.js" } }\n',
    'src/server.js':
      "import { createServer } from 'node:http';\ncreateServer((q, s) => s.end('mine')).listen(3000);\n",
  });
  t.true(
    'stdout' in result &&
      result.stdout.startsWith('Found  ./src/server.js: an application, by "start" in package.json\n'),
  );
  t.is(JSON.parse(readFileSync(folder.file('package.json'), 'utf8')).scripts['start:gunicorn'], 'gunicorn');
  const server = await startServer(t, { cwd: folder.path, args: ['--workers', '1'] });
  t.is((await request(server.url)).text, 'mine');
  await server.stop();
  const before = readFileSync(folder.file('gunicorn.conf.ts'), 'utf8');
  const { stdout } = await run(process.execPath, [COMMAND, 'init'], { cwd: folder.path });
  t.regex(stdout, /kept {3}Dockerfile, which is there already/);
  t.notRegex(stdout, /wrote|added/);
  t.is(readFileSync(folder.file('gunicorn.conf.ts'), 'utf8'), before);
});

test('a folder in which nothing is found is told what was looked for, and gets no file', async (t) => {
  const { folder, result } = await init(t, { 'notes.txt': '' });
  t.like(result, { code: 1 });
  t.regex(
    result.stderr,
    /no application to be seen .*gunicorn init \.\/src\/server\.ts.*\[ERR_INIT_NOTHING_FOUND\]/s,
  );
  t.false(folder.has('Dockerfile'));
});

test('a target that is named is taken, in the language of its name', async (t) => {
  const { folder, result } = await init(t, { 'requirements.txt': '' }, 'shop.asgi:application');
  t.true('stdout' in result);
  t.regex(
    readFileSync(folder.file('gunicorn.conf.ts'), 'utf8'),
    /app: 'shop\.asgi:application',\n {2}workerClass: 'asgi'/,
  );
});
