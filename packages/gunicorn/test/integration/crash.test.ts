import { processesGone, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APP } from './apps.ts';

/** They leave by themselves within 2 s, on a machine that has nothing else to do; nothing else would end them. */
const ORPHAN_LIMIT_MS = 20_000;

test('workers finish what they have and leave when the arbiter is killed', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--workers', '2'] });
  await server.waitFor('Booting worker', { times: 2 });
  const workers = server.workers();
  const slow = request(`${server.url}/slow`);
  await server.waitFor('slow request begins');
  server.signal('SIGKILL');
  t.is((await slow).status, 200);
  await processesGone(workers, ORPHAN_LIMIT_MS);
  t.pass();
});

test('a worker whose main thread is stuck leaves too when the arbiter is killed', async (t) => {
  const server = await startServer(t, { app: APP });
  const workers = server.workers();
  request(`${server.url}/spin`).catch(() => {});
  await request(server.url, { timeoutMs: 500 }).catch(() => {});
  server.signal('SIGKILL');
  await processesGone(workers, ORPHAN_LIMIT_MS);
  t.pass();
});

test('a hung worker gets one entry with its stack, is killed by the arbiter, and is replaced', async (t) => {
  const server = await startServer(t, { app: APP, args: ['-k', 'event', '--timeout', '1'] });
  const [worker] = server.workers();
  const spin = request(`${server.url}/spin`);
  spin.catch(() => {});
  await server.waitFor(`WORKER TIMEOUT (pid:${worker})`);
  await server.waitFor(/app \(.*app\.ts:4/);
  await server.waitFor(/GET \/spin/);
  await server.waitFor(new RegExp(`pid:${worker}\\) was killed by the arbiter: it hung`));
  t.notRegex(server.log(), /memory/i);
  await t.throwsAsync(spin);
  t.not((await request(server.url)).text, String(worker));
});

test('without a watchdog thread a hung worker is killed all the same', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--timeout', '1', '--no-autopsy'] });
  const [worker] = server.workers();
  request(`${server.url}/spin`).catch(() => {});
  await server.waitFor(`WORKER TIMEOUT (pid:${worker})`);
  await server.waitFor(/silent for \d\.\d s; no autopsy was received/);
  t.not((await request(server.url)).text, String(worker));
});

test('a worker that reaches the heap limit is named as such and replaced', async (t) => {
  const app = `export default (q, r) => { if (q.url !== '/grow') return r.end('ok'); const all = []; for (;;) all.push(new Array(1e5).fill({})); };`;
  const server = await startServer(t, { app, nodeArgs: ['--max-old-space-size=48'] });
  request(`${server.url}/grow`).catch(() => {});
  await server.waitFor(/was sent SIGABRT! Perhaps V8's heap limit/, { timeoutMs: 30_000 });
  t.is((await request(server.url)).text, 'ok');
});

for (const workerClass of ['sync', 'event']) {
  test(`requests that kill their worker, one after the other, leave no ${workerClass} server without workers`, async (t) => {
    const app = `export default (q, r) => { if (q.url === '/die') process.exit(9); r.end('ok'); };`;
    const server = await startServer(t, { app, args: ['-k', workerClass, '--workers', '2'] });
    for (let i = 0; i < 14; i++) {
      // A worker took it, within a second and the time that it starts in.
      const cut = await t.throwsAsync(request(`${server.url}/die`, { timeoutMs: 7000 }));
      t.notRegex(String(cut), /time/i);
    }
    t.is((await request(server.url, { timeoutMs: 7000 })).text, 'ok');
  });
}

test('maxWorkerMemory replaces a worker that grew', async (t) => {
  const app = `const all = []; export default (q, r) => { if (q.url === '/grow') all.push(Buffer.alloc(60e6, 1)); r.end(String(process.pid)); };`;
  const server = await startServer(t, { app, args: ['--max-worker-memory', '150mb'] });
  const [worker] = server.workers();
  await request(`${server.url}/grow`);
  await request(`${server.url}/grow`);
  await server.waitFor(new RegExp(`Replacing worker \\(pid: ${worker}\\).*MB`));
  await server.waitFor(`Worker exiting (pid: ${worker})`);
  t.not((await request(server.url)).text, String(worker));
});

test('workerLifetime replaces a worker that is old', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--worker-lifetime', '1'] });
  const [worker] = server.workers();
  await server.waitFor(new RegExp(`Replacing worker \\(pid: ${worker}\\)`));
  await server.waitFor(`Worker exiting (pid: ${worker})`);
  t.is((await request(server.url)).status, 200);
});
