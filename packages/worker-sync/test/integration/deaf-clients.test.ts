import { once } from 'node:events';
import {
  eventually,
  rawClient,
  type RawClient,
  request,
  type Server,
  startServer,
} from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

/** Far more than the kernel buffers for a client. */
const CHUNKS = 400;
const CHUNK_BYTES = 65_536;
const TOTAL = CHUNKS * CHUNK_BYTES;

/** Each answers `/` at once, and streams everything else as fast as its client reads. */
const APPLICATIONS = {
  wsgi: `
  function* chunks() { for (let left = ${CHUNKS}; left > 0; left--) yield Buffer.alloc(${CHUNK_BYTES}); }
  export default (environ, startResponse) => {
    startResponse('200 OK', []);
    return environ['PATH_INFO'] === '/' ? [Buffer.from('ok')] : chunks();
  };`,
  fetch: `export default { fetch(request) {
    if (new URL(request.url).pathname === '/') return new Response('ok');
    let left = ${CHUNKS};
    return new Response(new ReadableStream({
      pull: (stream) => left-- > 0 ? stream.enqueue(new Uint8Array(${CHUNK_BYTES})) : stream.close(),
    }));
  } };`,
  node: `
  import { Readable } from 'node:stream';
  function* chunks() { for (let left = ${CHUNKS}; left > 0; left--) yield Buffer.alloc(${CHUNK_BYTES}); }
  export default (request, response) => {
    if (request.url === '/') response.end('ok');
    else Readable.from(chunks()).pipe(response);
  };`,
} as const;

type Kind = keyof typeof APPLICATIONS;

async function start(t: ExecutionContext, kind: Kind, ...args: string[]): Promise<Server> {
  const access = ['--access-logfile', '-', '--access-logformat', 'ACCESS %(U)s %(s)s %(B)s'];
  const server = await startServer(t, {
    app: APPLICATIONS[kind],
    args: ['-k', 'sync', '--application-kind', kind, ...access, ...args],
  });
  t.is((await request(server.url)).text, 'ok');
  return server;
}

function deafClient(t: ExecutionContext, server: Server): RawClient {
  const client = rawClient(t, server.port);
  client.socket.pause();
  return client.send('GET /deaf HTTP/1.1\r\nHost: a\r\n\r\n');
}

async function recordOf(server: Server): Promise<{ status: number; bytes: number }> {
  const [, status, bytes] = await server.waitFor(/ACCESS \/deaf (\d+) (\d+)/);
  return { status: Number(status), bytes: Number(bytes) };
}

for (const kind of ['wsgi', 'fetch', 'node'] as const) {
  for (const setting of ['--request-timeout', '--timeout'] as const) {
    test.serial(
      `a client that does not read a stream costs no worker at ${setting}, kind ${kind}`,
      async (t) => {
        const server = await start(t, kind, setting, '1');
        const [worker] = server.workers();
        const deaf = deafClient(t, server);
        await server.waitFor(
          /Request timed out after 1\.\d s: GET \/deaf, whose client does not read the response/,
        );
        t.is((await request(server.url)).text, 'ok');
        const { status, bytes } = await recordOf(server);
        t.is(status, 200);
        t.true(bytes > 0 && bytes < TOTAL, `${bytes} of ${TOTAL} bytes`);
        const closed = once(deaf.socket, 'close');
        deaf.socket.on('error', () => {}).resume();
        await closed;
        t.deepEqual(server.workers(), [worker!]);
      },
    );
  }

  test.serial(
    `a worker that drains ends a client that does not read, and its line is there, kind ${kind}`,
    async (t) => {
      const args = ['--request-timeout', '60', '--graceful-timeout', '1'];
      const server = await start(t, kind, ...args);
      const deaf = deafClient(t, server);
      await eventually(() => deaf.socket.bytesRead > 0 || deaf.socket.readableLength > 0);
      server.signal('SIGTERM');
      t.is((await server.exit).code, 0);
      const { status, bytes } = await recordOf(server);
      t.is(status, 200);
      t.true(bytes < TOTAL, `${bytes} of ${TOTAL} bytes`);
      t.notRegex(server.log(), /ERROR/);
    },
  );
}

test('a client that resets while its large response waits costs nobody anything', async (t) => {
  const server = await start(t, 'wsgi');
  const [worker] = server.workers();
  const deaf = deafClient(t, server);
  await eventually(() => deaf.socket.bytesRead > 0 || deaf.socket.readableLength > 0);
  deaf.socket.resetAndDestroy();
  const { status, bytes } = await recordOf(server);
  t.is(status, 200);
  t.true(bytes < TOTAL);
  t.is((await request(server.url)).text, 'ok');
  t.deepEqual(server.workers(), [worker!]);
});

test('an upload that stops in the middle costs no worker at timeout, and is answered 408', async (t) => {
  const app = `export default async (request, response) => {
    let size = 0;
    for await (const chunk of request) size += chunk.length;
    response.end(String(size));
  };`;
  const args = [
    '-k',
    'sync',
    '--timeout',
    '1',
    '--access-logfile',
    '-',
    '--access-logformat',
    'ACCESS %(U)s %(s)s',
  ];
  const server = await startServer(t, { app, args });
  const [worker] = server.workers();
  // The application is asked once a megabyte has come, and reads the rest itself.
  const client = rawClient(t, server.port).send(
    'POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n',
  );
  client.send('x'.repeat(2_000_000));
  t.regex(await client.closes(), /^HTTP\/1\.1 408 /);
  await server.waitFor(/Request timed out after 1\.\d s: POST \/up, whose client does not send the body/);
  await server.waitFor('ACCESS /up 408');
  t.is((await request(server.url)).status, 200);
  t.deepEqual(server.workers(), [worker!]);
});

for (const [kind, app] of Object.entries({
  wsgi: 'export default () => { console.error("asked"); return new Promise(() => {}); };',
  fetch: 'export default { fetch: () => { console.error("asked"); return new Promise(() => {}); } };',
  node: 'export default () => console.error("asked");',
})) {
  test(`a request that a drain cuts is in the access log, and its client did not leave, kind ${kind}`, async (t) => {
    const access = ['--access-logfile', '-', '--access-logformat', 'ACCESS %(U)s %(s)s %(B)s'];
    const args = ['-k', 'sync', '--application-kind', kind, '--graceful-timeout', '1', ...access];
    const server = await startServer(t, { app, args, until: 'listening' });
    const client = rawClient(t, server.port).send('GET /cut HTTP/1.1\r\nHost: a\r\n\r\n');
    await server.waitFor('asked');
    server.signal('SIGTERM');
    t.is(await client.closes(), '');
    await server.waitFor('ACCESS /cut 503 0');
  });
}
