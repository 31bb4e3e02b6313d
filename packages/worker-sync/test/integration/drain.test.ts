import { once } from 'node:events';
import { type RawClient, rawClient, request, type Server, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const QUEUED = 20;
const SOON_MS = 10_000;

/** `/busy` blocks the worker until the file `go` is there; `/` answers at once. */
const BLOCKING = `
import { existsSync } from 'node:fs';
export default (environ, startResponse) => {
  if (environ['PATH_INFO'] === '/busy') {
    console.error('busy');
    while (!existsSync('go'));
  }
  startResponse('200 OK', []);
  return [Buffer.from('done')];
};`;

const APPLICATIONS = {
  wsgi: BLOCKING,
  node: `
import { existsSync } from 'node:fs';
export default (request, response) => {
  if (request.url !== '/busy') return response.end('done');
  console.error('busy');
  while (!existsSync('go'));
  response.end('done');
};`,
} as const;

async function startBusy(
  t: ExecutionContext,
  {
    app = BLOCKING,
    kind = 'wsgi',
    args = [],
  }: { app?: string; kind?: string; args?: readonly string[] } = {},
): Promise<{ server: Server; busy: RawClient; release(): void }> {
  const server = await startServer(t, {
    app,
    args: ['-k', 'sync', '--application-kind', kind, ...args],
  });
  const busy = rawClient(t, server.port).send('GET /busy HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await server.waitFor('busy');
  return { server, busy, release: () => server.folder.write('go', '') };
}

/** In the kernel's queue, behind the request that the worker is busy with. */
async function queued(t: ExecutionContext, server: Server, bytes: string): Promise<RawClient> {
  const client = rawClient(t, server.port);
  if (client.socket.connecting) await once(client.socket, 'connect');
  return client.send(bytes);
}

for (const [kind, app] of Object.entries(APPLICATIONS)) {
  test(`TERM: connections that wait behind a busy worker are answered, kind ${kind}`, async (t) => {
    const { server, busy, release } = await startBusy(t, { app, kind });
    const waiting: RawClient[] = [];
    for (let count = 0; count < QUEUED; count++) waiting.push(await queued(t, server, GET));
    server.signal('SIGTERM');
    await server.waitFor('Handling signal: term');
    release();
    for (const client of [busy, ...waiting]) t.regex(await client.closes(), /^HTTP\/1\.1 200 [^]*done/);
    t.is((await server.exit).code, 0);
  });
}

test('TERM: slow clients in the queue do not hide the requests behind them', async (t) => {
  const { server, release } = await startBusy(t);
  for (let count = 0; count < 2 * QUEUED; count++) await queued(t, server, '');
  const waiting: RawClient[] = [];
  for (let count = 0; count < QUEUED; count++) waiting.push(await queued(t, server, GET));
  server.signal('SIGTERM');
  await server.waitFor('Handling signal: term');
  release();
  for (const client of waiting) t.regex(await client.closes(), /^HTTP\/1\.1 200 /);
  t.is((await server.exit).code, 0);
});

test('TERM: a request that has arrived in part is waited for and answered', async (t) => {
  const { server, release } = await startBusy(t);
  const half = await queued(t, server, GET.slice(0, 20));
  release();
  t.is((await request(server.url)).status, 200);
  server.signal('SIGTERM');
  await server.waitFor('Handling signal: term');
  half.send(GET.slice(20));
  t.regex(await half.closes(), /^HTTP\/1\.1 200 /);
  t.is((await server.exit).code, 0);
});

test('TERM: clients that have sent nothing do not hold up the end', async (t) => {
  const { server, release } = await startBusy(t, { args: ['--graceful-timeout', '60'] });
  release();
  const silent = await queued(t, server, '');
  t.is((await request(server.url)).status, 200);
  const started = performance.now();
  server.signal('SIGTERM');
  t.is(await silent.closes(), '');
  t.is((await server.exit).code, 0);
  t.true(performance.now() - started < SOON_MS);
});

test('TERM: gracefulTimeout bounds the emptying of the queue', async (t) => {
  const app = `export default async (environ, startResponse) => {
    if (environ['PATH_INFO'] === '/slow') await new Promise((resolve) => setTimeout(resolve, 2000));
    startResponse('200 OK', []);
    return [];
  };`;
  const server = await startServer(t, {
    app,
    args: ['-k', 'sync', '--application-kind', 'wsgi', '--graceful-timeout', '1'],
  });
  const slow = GET.replace('/', '/slow');
  for (let count = 0; count < QUEUED; count++) await queued(t, server, slow);
  const started = performance.now();
  server.signal('SIGTERM');
  t.is((await server.exit).code, 0);
  t.true(performance.now() - started < SOON_MS, 'all would have taken 40 s');
});

test('QUIT leaves what waits in the queue', async (t) => {
  const app = `export default async () => {
    console.error('busy');
    await new Promise(() => {});
  };`;
  const args = ['-k', 'sync', '--application-kind', 'wsgi'];
  const server = await startServer(t, { app, args, until: 'listening' });
  const first = await queued(t, server, GET);
  await server.waitFor('busy');
  const second = await queued(t, server, GET);
  const started = performance.now();
  server.signal('SIGQUIT');
  t.is((await server.exit).code, 0);
  t.true(performance.now() - started < SOON_MS);
  first.socket.destroy();
  second.socket.destroy();
});
