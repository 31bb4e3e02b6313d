import { processesGone, rawClient, request, startLoad, type Load, type Server } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { get, portOf, pythonTest, serveAsgi } from './serve.ts';

const WORKERS = 2;
const BOOTING = /Booting worker with pid/;

async function underLoad(
  t: ExecutionContext,
  args: readonly string[] = [],
): Promise<readonly [Server, Load, nothingLost: () => Promise<void>]> {
  const server = await serveAsgi(t, [...args, '--workers', String(WORKERS)]);
  await server.waitFor(BOOTING, { times: WORKERS });
  const load = startLoad({ url: `${server.url}/sized`, newConnections: 2, keepAlive: 6 });
  await load.more(50);
  const nothingLost = async (): Promise<void> => {
    await load.more(50);
    const { failures } = await load.stop();
    t.deepEqual(failures, []);
  };
  return [server, load, nothingLost];
}

pythonTest('reloads lose no request of an ASGI application, and end streams whole', async (t) => {
  const [server, , nothingLost] = await underLoad(t, ['--graceful-timeout', '4']);
  for (let round = 0; round < 3; round += 1) {
    const before = server.workers();
    const stream = rawClient(t, portOf(server)).send(get('/events'));
    await stream.receives('begun');
    server.signal('SIGHUP');
    await processesGone(before, 30_000);
    t.regex(await stream.closes(), /good-bye\n\n\r\n0\r\n\r\n$/);
  }
  await nothingLost();
});

pythonTest('recycling by maxRequests loses no request of an ASGI application', async (t) => {
  const [server, , nothingLost] = await underLoad(t, ['--max-requests', '300']);
  await server.waitFor(BOOTING, { times: WORKERS + 4, timeoutMs: 60_000 });
  await nothingLost();
});

pythonTest('an upgrade by USR2 loses no request of an ASGI application', async (t) => {
  const [server, load, nothingLost] = await underLoad(t);
  const from = server.lines.length;
  server.signal('SIGUSR2');
  await server.waitFor(BOOTING, { from, times: WORKERS });
  await load.more(50);
  server.signal('SIGTERM');
  t.is((await server.exit).code, 0);
  await nothingLost();
});

pythonTest('a process that is killed while it is idle costs no request', async (t) => {
  const server = await serveAsgi(t, ['--workers', String(WORKERS)]);
  await server.waitFor(BOOTING, { times: WORKERS });
  for (let round = 0; round < 3; round += 1) {
    const from = server.lines.length;
    process.kill(Number((await request(`${server.url}/pid`)).text), 'SIGKILL');
    await server.waitFor(/was killed by SIGKILL/, { from });
    const answers = await Promise.all(Array.from({ length: 10 }, () => request(`${server.url}/early`)));
    t.true(answers.every(({ status }) => status === 200));
  }
});
