import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APP } from './apps.ts';

/** Descriptor of the heartbeat file in a worker. */
const HEARTBEAT_FD = 4;

/** What `ps` shows as the command of a process. */
function title(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+$/, '');
}

test('chdir comes before anything is loaded, and relative paths start from there', async (t) => {
  const server = await startServer(t, {
    files: { 'site/app.ts': 'export default (q, r) => r.end(process.cwd());' },
    args: ['--chdir', 'site', '--pid', 'app.pid', 'app.ts'],
  });
  t.regex((await request(server.url)).text, /\/site$/);
  t.true(server.folder.has('site/app.pid'));
});

test('procName stands in the titles of arbiter and workers', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--name', 'shop'] });
  t.is(title(server.pid), 'gunicorn: master [shop]');
  t.is(title(server.workers()[0] as number), 'gunicorn: worker [shop]');
});

test('without procName the titles name the application', async (t) => {
  const server = await startServer(t, { app: APP });
  t.is(title(server.pid), 'gunicorn: master [app.ts]');
});

test('the heartbeat file lies in workerTmpDir, and leaves nothing there', async (t) => {
  const server = await startServer(t, {
    app: APP,
    files: { 'beats/.keep': '' },
    args: ['--worker-tmp-dir', 'beats'],
  });
  const [worker] = server.workers();
  t.regex(readlinkSync(`/proc/${worker}/fd/${HEARTBEAT_FD}`), /\/beats\/.*\(deleted\)$/);
  t.deepEqual(readdirSync(server.folder.file('beats')), ['.keep']);
});

test('the heartbeat of a worker is in memory when workerTmpDir is gone', async (t) => {
  const server = await startServer(t, {
    app: APP,
    files: { 'beats/.keep': '' },
    args: ['--worker-tmp-dir', 'beats'],
  });
  const [worker] = server.workers();
  rmSync(server.folder.file('beats'), { recursive: true });
  process.kill(worker!, 'SIGKILL');
  await server.waitFor(/Booting worker/, { times: 2 });
  t.is((await request(server.url)).status, 200);
  const [next] = server.workers();
  t.notRegex(readlinkSync(`/proc/${next}/fd/${HEARTBEAT_FD}`), /beats/);
});
