import { readFileSync } from 'node:fs';
import { eventually, isRunning, request } from '@gunicorn-ts/test-kit';
import { pythonTest, servePython } from './serve.ts';

for (const [name, args] of [
  ['sync', ['-k', 'sync']],
  ['gthread', ['-k', 'gthread', '--threads', '2']],
] as const) {
  pythonTest(`${name}: the Node.js side of a worker has no watchdog thread`, async (t) => {
    const server = await servePython(t, [...args, '--log-level', 'debug']);
    await server.waitFor('No watchdog thread');
    t.deepEqual(server.matching(/Watchdog thread started/), []);
  });
}

/** Twice what a Node.js process takes that does nothing at all. */
const MOST_PRIVATE_KB = 18 * 1024;

pythonTest('the arbiter and the Node.js side of a worker give back what their start took', async (t) => {
  const server = await servePython(t, ['-k', 'sync', '--preload']);
  const [worker] = server.workers();
  await request(server.url);
  for (const pid of [server.pid, worker!]) await eventually(() => privateKb(pid) < MOST_PRIVATE_KB);
  t.is((await request(server.url)).text, 'hello');
});

function privateKb(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Private_Dirty:\s+(\d+) kB$/m.exec(text)![1]);
}

pythonTest('sync: a worker whose process hangs does not outlive the arbiter', async (t) => {
  const server = await servePython(t, ['-k', 'sync', '--timeout', '60']);
  const python = Number((await request(`${server.url}/pid`)).text);
  const [worker] = server.workers();
  const hung = request(`${server.url}/hang`).catch(() => undefined);
  await server.waitFor('hangs');
  server.signal('SIGKILL');
  await eventually(() => !isRunning(worker!) && !isRunning(python));
  await hung;
  t.pass();
});

pythonTest(
  'sync: hooks in TypeScript have a watchdog thread, which leaves a process that hangs to whoever waits for it',
  async (t) => {
    const hooks = `
    export default {
      preRequest(worker, { target }) { if (target === '/spin') for (;;); },
    };`;
    const server = await servePython(t, ['-k', 'sync', '--timeout', '2', '--log-level', 'debug'], {
      files: { 'gunicorn.conf.ts': hooks },
    });
    await server.waitFor('Watchdog thread started');
    t.is((await request(`${server.url}/hang`)).status, 504);
    await server.waitFor(/no stack: the worker waits for the process of the application/);
    await server.waitFor(/in wait_for_something_that_never_comes/);
    t.is((await request(server.url)).text, 'hello');
    await eventually(() => server.matching(/Watchdog thread started/).length === 2);
    request(`${server.url}/spin`).catch(() => undefined);
    await server.waitFor(/at preRequest \(.*gunicorn\.conf\.ts/);
    t.is(server.matching(/no stack/).length, 1);
  },
);
