import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { COMMAND, Folder, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APP } from './apps.ts';

test('an arbiter that is out of file descriptors says so, and removes what it made', async (t) => {
  const config = `import fs from 'node:fs';
    export default { pidfile: 'pid', whenReady() {
      const taken = [];
      try { for (;;) taken.push(fs.openSync('/dev/null')); } catch {}
      for (const fd of taken.slice(-4)) fs.closeSync(fd);
    } };`;
  const folder = new Folder({ 'app.ts': APP, 'gunicorn.conf.ts': config });
  t.teardown(() => folder.remove());
  const command = `ulimit -n 128; exec '${process.execPath}' '${COMMAND}' --bind 127.0.0.1:0 app.ts`;
  const child = spawn('sh', ['-c', command], { cwd: folder.path, stdio: ['ignore', 'ignore', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk));
  t.deepEqual(await once(child, 'close'), [3, null]);
  t.regex(printed, /A worker could not be started: .*(EMFILE|[Tt]oo many open files)/);
  t.notRegex(printed, /Cannot read properties|Uncaught/);
  t.false(folder.has('pid'));
});

test('a request that is cut off at gracefulTimeout has its access record', async (t) => {
  const args = ['--graceful-timeout', '1', '--access-logfile', '-'];
  const app = `export default (q, r) => { if (q.url === '/') return r.end('ok'); r.write('begun'); console.error('begun'); };`;
  const server = await startServer(t, { app, args });
  const cut = request(`${server.url}/cut`);
  cut.catch(() => {});
  await server.waitFor('begun');
  t.is((await server.stop()).code, 0);
  await t.throwsAsync(cut);
  await server.waitFor(/"GET \/cut HTTP\/1\.1" 200 5 /);
});
