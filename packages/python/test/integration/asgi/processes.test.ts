import { once } from 'node:events';
import {
  childrenOf,
  eventually,
  isRunning,
  rawClient,
  request,
  type Server,
  startLoad,
} from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { WebSocket } from 'ws';
import { get, portOf, pythonTest, serveAsgi } from './serve.ts';

const PROCESSES = ['-w', '1', '--processes', '2'];

/** The processes that the master has forked. */
function forked(server: Server): number[] {
  return childrenOf(server.pythonMaster()!).toSorted((one, other) => one - other);
}

async function open(t: ExecutionContext, server: Server, path: string): Promise<WebSocket> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/${path}`);
  socket.on('error', () => undefined);
  t.teardown(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

async function echoed(socket: WebSocket, text: string): Promise<string> {
  socket.send(text);
  return String(((await once(socket, 'message')) as [Buffer])[0]);
}

pythonTest(
  'a process that dies costs what it has alone; the WebSocket of another one stays open',
  async (t) => {
    const server = await serveAsgi(t, PROCESSES);
    const [worker] = server.workers();
    const before = forked(server);
    t.is(before.length, 2);
    // Each goes to the process with the least to do.
    const socket = await open(t, server, 'ws_echo');
    const waiting = rawClient(t, portOf(server)).send(get('/forever'));
    const victim = Number((await server.waitFor(/forever in (\d+)/))[1]);
    t.true(before.includes(victim));
    process.kill(victim, 'SIGKILL');
    t.regex(await waiting.closes(), /^HTTP\/1\.1 502 /);
    await server.waitFor(/was killed by SIGKILL; another one takes its place/);
    t.is(await echoed(socket, 'still here'), 'still here');
    // Its lifespan has begun by then.
    await server.waitFor(/Python process with pid: \d+ serves/, { times: 3 });
    const [kept] = before.filter((pid) => pid !== victim);
    t.true(forked(server).includes(kept!));
    t.deepEqual(server.workers(), [worker!]);
    const closed = once(socket, 'close') as Promise<[number]>;
    server.signal('SIGTERM');
    t.is((await closed)[0], 1012);
    t.is((await server.exit).code, 0);
    t.is(server.matching(/lifespan is over/).length, 2);
  },
);

pythonTest('a blocked loop is shown and replaced by itself, and the other one serves on', async (t) => {
  const server = await serveAsgi(t, [...PROCESSES, '--timeout', '2']);
  const [worker] = server.workers();
  const before = forked(server);
  const blocked = rawClient(t, portOf(server)).send(get('/block'));
  await eventually(async () => (await request(server.url)).status === 200);
  t.regex(await blocked.closes(), /^HTTP\/1\.1 504 /);
  await server.waitFor(/has not turned for 2\.\d s \(timeout\)/);
  await server.waitFor(/line \d+ in block/);
  await eventually(() => forked(server).length === 2 && forked(server).some((pid) => !before.includes(pid)));
  t.true(forked(server).some((pid) => before.includes(pid)));
  t.deepEqual(server.workers(), [worker!]);
});

pythonTest(
  'after maxRequests a process is replaced by itself: its WebSockets get 1012, its streams their end',
  async (t) => {
    const server = await serveAsgi(t, [...PROCESSES, '--max-requests', '150', '--graceful-timeout', '4']);
    const [worker] = server.workers();
    const before = forked(server);
    const socket = await open(t, server, 'ws_echo');
    const stream = rawClient(t, portOf(server)).send(get('/events'));
    await stream.receives('begun');
    const load = startLoad({ url: `${server.url}/sized`, newConnections: 1, keepAlive: 4 });
    const [code] = (await once(socket, 'close')) as [number];
    t.is(code, 1012);
    t.regex(await stream.closes(), /good-bye\n\n\r\n0\r\n\r\n/);
    await eventually(() => before.every((pid) => !isRunning(pid)));
    const { failures } = await load.stop();
    t.deepEqual(failures, []);
    t.deepEqual(server.workers(), [worker!]);
    await server.waitFor(/lifespan is over/, { times: 2 });
    t.truthy(await server.waitFor(/Autorestarting Python process after current request: \d+ requests/));
  },
);

pythonTest('requests wait for the next process while there is none', async (t) => {
  const server = await serveAsgi(t, PROCESSES);
  const [worker] = server.workers();
  for (const pid of forked(server)) process.kill(pid, 'SIGKILL');
  await server.waitFor(/was killed by SIGKILL; another one takes its place/, { times: 2 });
  t.is((await request(`${server.url}/early`)).text, 'early');
  t.deepEqual(server.workers(), [worker!]);
});
