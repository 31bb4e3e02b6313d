import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const MARK = 'an application that is compiled once';
const APP = `export default (request: unknown, response: { end(text: string): void }) => response.end("${MARK}");`;

/** Runs the command with this home, and answers with the code that was kept there. */
async function keptBy(
  t: ExecutionContext,
  home: string,
  args: readonly string[],
): Promise<readonly string[]> {
  const env = { HOME: home, XDG_CACHE_HOME: '', CACHE_DIRECTORY: '', NODE_COMPILE_CACHE: '' };
  const server = await startServer(t, { bind: [], app: APP, args, env, until: 'spawned' });
  t.is((await server.ended()).code, 0, server.log());
  const found = globSync('{*,.*}/**/*', { cwd: home }).map((path) => join(home, path));
  return found.filter((path) => statSync(path).isFile());
}

function homeOf(t: ExecutionContext): string {
  const home = mkdtempSync(join(tmpdir(), 'gunicorn-ts-home-'));
  t.teardown(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

test('what a start has compiled is kept for the next, the application too, where nobody else gets in', async (t) => {
  const home = homeOf(t);
  const kept = await keptBy(t, home, ['--check-config']);
  // Node.js 22 keeps its own and ours, and nothing that it has taken the types out of.
  const keepsTypescript = !kept.some((file) => file.includes('/v22.'));
  t.true(kept.length > 0);
  t.is(
    kept.some((file) => readFileSync(file, 'utf8').includes(MARK)),
    keepsTypescript,
    kept.join('\n'),
  );
  t.is(statSync(join(home, '.cache/gunicorn-ts')).mode & 0o777, 0o700);
});

test('a home where others may write keeps nothing, and ends no start', async (t) => {
  const home = homeOf(t);
  chmodSync(home, 0o777);
  t.deepEqual(await keptBy(t, home, ['--check-config']), []);
});

test('a home that is not there is not made', async (t) => {
  t.deepEqual(await keptBy(t, join(homeOf(t), 'none'), ['--version']), []);
});
