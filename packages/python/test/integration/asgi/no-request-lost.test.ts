import { once } from 'node:events';
import { Agent } from 'node:http';
import { processesGone, rawClient, request, startLoad, type Load, type Server } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { WebSocket } from 'ws';
import { get, portOf, pythonTest, serveAsgi } from './serve.ts';

const WORKERS = 2;
const GRACE = ['--graceful-timeout', '4'];
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

/** Clients that stay: a stream that never ends by itself, and a WebSocket on each of some connections. */
async function visit(t: ExecutionContext, server: Server): Promise<() => Promise<void>> {
  const stream = rawClient(t, portOf(server)).send(get('/events'));
  await stream.receives('begun');
  const sockets = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws_echo`);
      t.teardown(() => socket.terminate());
      await once(socket, 'open');
      return socket;
    }),
  );
  const codes = sockets.map(async (socket) => ((await once(socket, 'close')) as [number])[0]);
  return async () => {
    t.regex(await stream.closes(), /good-bye\n\n\r\n0\r\n\r\n$/);
    t.deepEqual(await Promise.all(codes), [1012, 1012, 1012, 1012]);
  };
}

pythonTest('reloads lose no request of an ASGI application, and end what stays open in order', async (t) => {
  const [server, , nothingLost] = await underLoad(t, GRACE);
  for (let round = 0; round < 2; round += 1) {
    const before = server.workers();
    const areTold = await visit(t, server);
    server.signal('SIGHUP');
    await processesGone(before, 30_000);
    await areTold();
  }
  await nothingLost();
});

pythonTest(
  'recycling by maxRequests loses no request of an ASGI application, and ends what stays open',
  async (t) => {
    const [server, , nothingLost] = await underLoad(t, [...GRACE, '--max-requests', '300']);
    const areTold = await visit(t, server);
    await server.waitFor(BOOTING, { times: WORKERS + 4, timeoutMs: 60_000 });
    await areTold();
    await nothingLost();
  },
);

pythonTest(
  'an upgrade by USR2 loses no request of an ASGI application, and ends what stays open',
  async (t) => {
    const [server, load, nothingLost] = await underLoad(t, GRACE);
    const areTold = await visit(t, server);
    const from = server.lines.length;
    server.signal('SIGUSR2');
    await server.waitFor(BOOTING, { from, times: WORKERS });
    await load.more(50);
    server.signal('SIGTERM');
    t.is((await server.exit).code, 0);
    await areTold();
    await nothingLost();
  },
);

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

pythonTest('a neighbour that is killed costs nothing on the connections of the other worker', async (t) => {
  const server = await serveAsgi(t, ['--workers', String(WORKERS)]);
  await server.waitFor(BOOTING, { times: WORKERS });
  const agents = Array.from({ length: 8 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  t.teardown(() => {
    for (const agent of agents) agent.destroy();
  });
  const pidBy = async (agent: Agent): Promise<string> => (await request(`${server.url}/pid`, { agent })).text;
  const pids = await Promise.all(agents.map(pidBy));
  const [victim] = pids;
  const others = agents.filter((_, index) => pids[index] !== victim);
  process.kill(Number(victim), 'SIGKILL');
  await server.waitFor(/was killed by SIGKILL/);
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all(others.map(pidBy));
    t.true(answers.every((pid) => pids.includes(pid) && pid !== victim));
  }
  t.is((await request(`${server.url}/early`)).text, 'early');
});
