import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { processesGone, startLoad, startServer, type Load, type Server } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const APP = `
const large = Buffer.alloc(12_000_000, 'x');

export default function app(request, response) {
  response.setHeader('X-Worker-Pid', process.pid);
  response.end(request.url === '/large' ? large : 'hello');
}
`;

const WORKERS = 2;
const BOOTING = /Booting worker with pid/;

/** A server under the mixed load that every test of this file puts on it. */
async function underLoad(
  t: ExecutionContext,
  worker: string,
  args: readonly string[] = [],
): Promise<[Server, Load]> {
  const server = await startServer(t, {
    app: APP,
    args: ['-k', worker, '--workers', String(WORKERS), ...args],
  });
  await server.waitFor(BOOTING, { times: WORKERS });
  const load = startLoad({ url: server.url, newConnections: 4, keepAlive: 8, slowReaders: 2 });
  await load.more(100);
  return [server, load];
}

/** Nothing was lost, and no kind of client stood aside. */
async function nothingLost(t: ExecutionContext, load: Load): Promise<void> {
  await load.more(100);
  const { failures, byClient } = await load.stop();
  t.deepEqual(failures, []);
  for (const kind of ['new-connection', 'keep-alive', 'undici', 'slow-reader'] as const) {
    t.true((byClient[kind] ?? 0) > 0, kind);
  }
}

const STOPS = 3;
const POST = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello';

/** Connects again and again until nobody listens, and says how each attempt ended that was not answered. */
async function untilRefused(port: number, onAnswer: () => void): Promise<readonly string[]> {
  const ends: string[] = [];
  while (!ends.includes('ECONNREFUSED')) {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => socket.write(POST));
    const end = await text(socket).then(
      (response) => (response.endsWith('hello') ? 'answered' : 'cut off'),
      (error: NodeJS.ErrnoException) => String(error.code),
    );
    if (end === 'answered') onAnswer();
    else ends.push(end);
  }
  return ends;
}

// A worker that serves many at a time has the longest last look into the queue.
const onLinux = process.platform === 'linux' ? test.serial : test.serial.skip;
onLinux('clients that connect while the server stops are answered or refused', async (t) => {
  for (let round = 0; round < STOPS; round += 1) {
    const server = await startServer(t, { app: APP, args: ['-k', 'event', '--workers', '2'] });
    await server.waitFor(BOOTING, { times: 2 });
    let answers = 0;
    const count = (): void => void (++answers === 200 && server.signal('SIGTERM'));
    const port = Number(new URL(server.url).port);
    const clients = Array.from({ length: 24 }, () => untilRefused(port, count));
    t.deepEqual(new Set((await Promise.all(clients)).flat()), new Set(['ECONNREFUSED']));
    t.is((await server.exit).code, 0);
  }
});

for (const worker of ['sync', 'event'] as const) {
  test.serial(`${worker}: 5 reloads lose no request`, async (t) => {
    const [server, load] = await underLoad(t, worker);
    for (let round = 0; round < 5; round += 1) {
      const before = server.workers();
      server.signal('SIGHUP');
      await processesGone(before, 20_000);
    }
    await nothingLost(t, load);
  });

  test.serial(`${worker}: reloads that overtake each other lose no request`, async (t) => {
    const [server, load] = await underLoad(t, worker);
    const before = server.workers();
    for (let round = 0; round < 10; round += 1) {
      server.signal('SIGHUP');
      await load.more(10);
    }
    await processesGone(before, 30_000);
    await nothingLost(t, load);
  });

  test.serial(`${worker}: more and fewer workers lose no request`, async (t) => {
    const [server, load] = await underLoad(t, worker);
    for (let round = 0; round < 4; round += 1) {
      const from = server.lines.length;
      server.signal('SIGTTIN');
      await server.waitFor(BOOTING, { from });
      await load.more(50);
      server.signal('SIGTTOU');
      await server.waitFor(/Worker exiting/, { from });
    }
    await nothingLost(t, load);
  });

  test.serial(`${worker}: recycling by maxRequests loses no request`, async (t) => {
    const [server, load] = await underLoad(t, worker, ['--max-requests', '200']);
    await server.waitFor(BOOTING, { times: WORKERS + 4, timeoutMs: 60_000 });
    await nothingLost(t, load);
  });

  test.serial(`${worker}: an upgrade by USR2, and TERM to the old arbiter, lose no request`, async (t) => {
    const [server, load] = await underLoad(t, worker);
    const from = server.lines.length;
    server.signal('SIGUSR2');
    await server.waitFor(BOOTING, { from, times: WORKERS });
    await load.more(100);
    server.signal('SIGTERM');
    t.is((await server.exit).code, 0);
    await server.waitFor(/promoted/, { from });
    await nothingLost(t, load);
  });

  test.serial(`${worker}: the death of an idle worker loses no request`, async (t) => {
    const [server, load] = await underLoad(t, worker);
    const [victim = 0] = server.workers();
    await load.hold();
    load.leave(victim);
    const from = server.lines.length;
    // No client is connected to it, and a process that waits in the kernel never runs again after SIGKILL:
    // what is sent from here on is not for this worker.
    process.kill(victim, 'SIGKILL');
    load.release();
    await server.waitFor(BOOTING, { from });
    await nothingLost(t, load);
    t.false(server.workers().includes(victim));
  });
}
