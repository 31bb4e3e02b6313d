import { spawnSync } from 'node:child_process';
import { request, startServer } from '@gunicorn-ts/test-kit';
import anyTest from 'ava';

const test = spawnSync('python3', ['--version']).status === 0 ? anyTest : anyTest.skip;
const APP = 'export default (request: unknown, response: { end(text: string): void }) => response.end("ok");';

test('gunicorn.conf.py configures the server, and what it cannot is in the log', async (t) => {
  const server = await startServer(t, {
    app: APP,
    files: {
      'gunicorn.conf.py': `import os
workers = len("xy")
proc_name = "from-python"
dirty_workers = 3
def when_ready(server):
    pass
`,
    },
  });
  t.is((await request(server.url)).body.toString(), 'ok');
  await server.waitFor(/Booting worker/, { times: 2 });
  const log = server.log();
  t.regex(log, /dirty_workers has no effect here: .* \(gunicorn\.conf\.py:4\); remove it/);
  t.regex(log, /when_ready is not called: .*\(gunicorn\.conf\.py:5\); write whenReady in gunicorn\.conf\.ts/);
});

test('a gunicorn.conf.py that fails stops the start with its traceback', async (t) => {
  const server = await startServer(t, {
    app: APP,
    files: { 'gunicorn.conf.py': 'import nowhere_to_be_found\n' },
    until: 'spawned',
  });
  t.is((await server.ended()).code, 1);
  t.regex(server.log(), /gunicorn\.conf\.py could not be loaded: ModuleNotFoundError: .*\nTraceback/);
});

test('gunicorn migrate prints gunicorn.conf.ts', async (t) => {
  const server = await startServer(t, {
    args: ['migrate', 'gunicorn.conf.py'],
    bind: [],
    files: { 'gunicorn.conf.py': 'workers = 1 + 2\numask = 0o22\nthreads = 4\n' },
    until: 'spawned',
  });
  t.is((await server.ended()).code, 0);
  t.regex(
    server.log(),
    /export default defineConfig\(\{\n {2}workers: 3,\n {2}umask: 0o22,\n {2}threads: 4,\n\}\);/,
  );
});

test('what a configuration computes is still computed when it was migrated', async (t) => {
  const python = `import os
import multiprocessing
most = int(os.environ.get("MOST_WORKERS", "2"))
workers = min(multiprocessing.cpu_count() * 2 + 1, most)
loglevel = os.environ.get("LEVEL", "info").lower()
`;
  const migrated = await startServer(t, {
    args: ['migrate', 'gunicorn.conf.py'],
    bind: [],
    files: { 'gunicorn.conf.py': python },
    until: 'spawned',
  });
  t.is((await migrated.ended()).code, 0);
  const env = { MOST_WORKERS: '3', LEVEL: 'DEBUG' };
  const server = await startServer(t, {
    app: APP,
    config: migrated.log(),
    args: ['--print-config'],
    env,
    until: 'spawned',
  });
  t.is((await server.ended()).code, 0);
  t.regex(server.log(), /^workers\s+= 3\s/m);
  t.regex(server.log(), /^loglevel\s+= .debug.\s/m);
});

test('gunicorn migrate names a file that is not there', async (t) => {
  const server = await startServer(t, { args: ['migrate'], bind: [], until: 'spawned' });
  t.is((await server.ended()).code, 1);
  t.regex(server.log(), /gunicorn\.conf\.py could not be read: ENOENT/);
});
