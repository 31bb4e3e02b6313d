import { once } from 'node:events';
import { eventually, openFiles, rawClient, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const HALF_OPEN = 1000;
/** Far more than a second for each of those, on a busy machine too. */
const PROMPT_MS = 5000;
/** More than the kernel buffers for a client. */
const SIZE = 12_000_000;

test('1,000 clients that have sent half a head do not delay a whole request', async (t) => {
  const app = `export default (environ, startResponse) => {
    startResponse('200 OK', []);
    return [Buffer.from('done')];
  };`;
  const args = ['-k', 'sync', '--application-kind', 'wsgi', '--worker-connections', String(2 * HALF_OPEN)];
  const server = await startServer(t, { app, args });
  const halves = Array.from({ length: HALF_OPEN }, () => rawClient(t, server.port).send(GET.slice(0, 10)));
  await Promise.all(halves.map(({ socket }) => socket.connecting && once(socket, 'connect')));
  const { text, ms } = await request(server.url);
  t.is(text, 'done');
  t.true(ms < PROMPT_MS, `${Math.round(ms)} ms`);
  const [first] = halves;
  t.regex(await first!.send(GET.slice(10)).closes(), /^HTTP\/1\.1 200 /);
});

for (const kind of ['wsgi', 'fetch', 'node'] as const) {
  test.serial(
    `a client that does not read its large response is given up after timeout, kind ${kind}`,
    async (t) => {
      const apps = {
        wsgi: `(environ, startResponse) => { startResponse('200 OK', []); return [LARGE]; }`,
        fetch: `{ fetch: () => new Response(LARGE) }`,
        node: `(request, response) => response.end(LARGE)`,
      };
      const app = `const LARGE = Buffer.alloc(${SIZE});\nexport default ${apps[kind]};`;
      const args = ['-k', 'sync', '--application-kind', kind, '--timeout', '3', '--log-level', 'debug'];
      const server = await startServer(t, { app, args });
      await request(server.url);
      // The thread has descriptors of its own.
      await server.waitFor('Watchdog thread started');
      const [worker = 0] = server.workers();
      const before = openFiles(worker).length;
      const deaf = rawClient(t, server.port);
      deaf.socket.pause();
      deaf.send(GET);
      await eventually(() => openFiles(worker).length > before, 'the connection is taken');
      // Others are served meanwhile, by the same worker.
      t.is((await request(server.url)).body.length, SIZE);
      await eventually(() => openFiles(worker).length <= before, 'the client is given up');
      const closed = once(deaf.socket, 'close');
      deaf.socket.resume();
      await closed;
      t.true(deaf.received.length < SIZE, 'the rest never came');
      t.deepEqual(server.workers(), [worker]);
    },
  );
}

test('timers run between synchronous requests, and while a promise is awaited', async (t) => {
  const app = `
  let ticks = 0;
  setInterval(() => ticks++, 5);
  export default async (environ, startResponse) => {
    const before = ticks;
    if (environ['PATH_INFO'] === '/wait') await new Promise((resolve) => setTimeout(resolve, 100));
    startResponse('200 OK', []);
    return [Buffer.from(String(environ['PATH_INFO'] === '/wait' ? ticks - before : ticks))];
  };`;
  const server = await startServer(t, { app, args: ['-k', 'sync', '--application-kind', 'wsgi'] });
  t.true(Number((await request(`${server.url}/wait`)).text) > 0);
  const first = Number((await request(server.url)).text);
  await eventually(async () => Number((await request(server.url)).text) > first, 'the timer went on');
});

test('a promise that is awaited for long does not count as silence, and its request is given up at timeout', async (t) => {
  const app = `export default (environ, startResponse) => {
    startResponse('200 OK', []);
    return environ['PATH_INFO'] === '/never' ? new Promise(() => {}) : [Buffer.from(String(process.pid))];
  };`;
  const args = ['-k', 'sync', '--application-kind', 'wsgi', '--timeout', '1'];
  const server = await startServer(t, { app, args });
  const { text: worker } = await request(server.url);
  t.is((await request(`${server.url}/never`)).status, 504);
  await server.waitFor(/GET \/never is not answered after 1 s \(timeout\)/);
  await eventually(async () => (await request(server.url)).text !== worker, 'another worker answers');
});

test('a request that blocks the thread gets a 504 from the watchdog, then the log says where it hung', async (t) => {
  const app = `export default (environ, startResponse) => {
    startResponse('200 OK', []);
    if (environ['PATH_INFO'] === '/hang') hangHere();
    return [];
  };
  function hangHere() { for (;;); }`;
  const args = ['-k', 'sync', '--application-kind', 'wsgi', '--timeout', '2', '--log-level', 'debug'];
  const server = await startServer(t, { app, args });
  await server.waitFor('Watchdog thread started');
  t.is((await request(`${server.url}/hang`)).status, 504);
  await server.waitFor(/hangHere.*app\.ts:6/);
  t.is((await request(server.url)).status, 200);
});
