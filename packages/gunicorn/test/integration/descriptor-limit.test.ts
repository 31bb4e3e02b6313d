import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  eventually,
  openFiles,
  type RawClient,
  rawClient,
  request,
  type Server,
  startServer,
} from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

/** Of open files; a worker has about 40 before its first connection. */
const LIMIT = 90;
const CLIENTS = 120;
const MEASURED_MS = 2000;
const HALF = 'GET / HTTP/1.1\r\nHost: a\r\n';

/** Processor time of a process, in hundredths of a second. */
function ticksOf(pid: number): number {
  const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .split(' ')
    .slice(13, 15)
    .map(Number);
  return user + system;
}

/** The server with so few descriptors, and all of its worker's taken by requests that do not go on. */
async function exhausted(
  t: ExecutionContext,
  workerClass: string,
): Promise<{ server: Server; clients: RawClient[]; worker: number }> {
  const server = await startServer(t, {
    app: `export default (request, response) => response.end('ok');`,
    args: ['-k', workerClass, '--log-level', 'debug'],
    limitOpenFiles: LIMIT,
  });
  const [worker = 0] = server.workers();
  const clients: RawClient[] = [];
  for (let count = 0; count < CLIENTS; count++) {
    const client = rawClient(t, server.port);
    if (client.socket.connecting) await once(client.socket, 'connect');
    clients.push(client.send(HALF));
  }
  await server.waitFor(/EMFILE/);
  return { server, clients, worker };
}

for (const workerClass of ['sync', 'event']) {
  test.serial(
    `at the limit of descriptors a worker rests, says so once, and goes on by itself, ${workerClass}`,
    async (t) => {
      const { server, clients, worker } = await exhausted(t, workerClass);
      const before = ticksOf(worker);
      const began = performance.now();
      // What is measured is that nothing happens meanwhile.
      await eventually(() => performance.now() - began > MEASURED_MS);
      const share = (10 * (ticksOf(worker) - before)) / (performance.now() - began);
      t.true(share < 0.25, `${Math.round(100 * share)} % of a core`);
      t.is(server.matching(/EMFILE/).length, 1);
      t.false(
        clients.some(({ closed }) => closed),
        'nobody was reset',
      );
      t.true(openFiles(worker).length <= LIMIT);
      for (const client of clients) client.send('Connection: close\r\n\r\n');
      for (const client of clients) t.regex(await client.closes(), /^HTTP\/1\.1 200 /);
      await eventually(async () => (await request(server.url)).status === 200);
      t.deepEqual(server.workers(), [worker]);
      // Clients may have taken the descriptor that it needed to begin.
      await eventually(() => /started/.test(server.matching(/watchdog thread/i).at(-1) ?? ''));
    },
  );
}
