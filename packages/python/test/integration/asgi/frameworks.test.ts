import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforePython, rawClient, request, Server } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { WebSocket } from 'ws';
import { get, portOf } from './serve.ts';

const made = beforePython(test, 'python-asgi-requirements.txt');
const folder = join(import.meta.dirname, 'frameworks');

/** One for each framework, which takes longer to import than to be tried. */
const servers = new Map<string, Server>();

test.after.always('the servers end', async () => {
  for (const server of servers.values()) await server.remove();
});

async function serverOf(name: string, environment: string): Promise<Server> {
  const running = servers.get(name);
  if (running !== undefined) return running;
  const server = new Server({
    env: { VIRTUAL_ENV: environment },
    args: ['-k', 'uvicorn.workers.UvicornWorker', '--pythonpath', folder, `${name}_app:app`],
  });
  servers.set(name, server);
  await server.started('answering');
  return server;
}

function framework(
  name: string,
  what: string,
  body: (t: ExecutionContext, server: Server) => Promise<void>,
): void {
  test.serial(`${name}: ${what}`, async (t) => {
    t.timeout(120_000);
    const environment = made();
    if (environment.kind !== 'ready') {
      t.log(`skipped: ${environment.reason}`);
      t.pass();
      return;
    }
    const server = await serverOf(name, environment.folder);
    t.teardown(() => {
      if (!t.passed) t.log(server.log());
    });
    await body(t, server);
  });
}

async function talk(t: ExecutionContext, server: Server): Promise<void> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`);
  await once(socket, 'open');
  socket.send('hello');
  const [data] = (await once(socket, 'message')) as [Buffer];
  t.is(data.toString(), 'you said hello');
  socket.close(1000);
  await once(socket, 'close');
}

for (const name of ['starlette', 'fastapi', 'django', 'litestar', 'quart']) {
  framework(name, 'a stream arrives whole, in chunks', async (t, server) => {
    const { text, headers } = await request(`${server.url}/stream`);
    t.is(text, 'data: 0\n\ndata: 1\n\ndata: 2\n\n');
    t.is(headers['transfer-encoding'], 'chunked');
    t.regex(headers['content-type'] ?? '', /^text\/event-stream/);
  });
}

for (const name of ['starlette', 'django', 'litestar', 'quart']) {
  framework(name, 'a body comes back as it was', async (t, server) => {
    const body = randomBytes(1_000_000);
    const headers = { 'Content-Type': 'text/plain' };
    const { status, body: echoed } = await request(`${server.url}/echo`, { method: 'POST', body, headers });
    t.is(status, 200);
    t.true(echoed.equals(body));
  });
}

for (const name of ['starlette', 'fastapi', 'litestar', 'quart']) {
  framework(name, 'a WebSocket is answered', talk);
}

framework('starlette', 'files, state, background tasks and an endless stream', async (t, server) => {
  t.regex((await request(`${server.url}/file`)).text, /FileResponse/);
  const part = await request(`${server.url}/file`, { headers: { Range: 'bytes=0-9' } });
  t.deepEqual([part.status, part.body.length], [206, 10]);
  const state = await request(`${server.url}/state`);
  t.is(state.text, 'from the lifespan');
  t.is(state.headers['x-middleware'], '1');
  t.is((await request(`${server.url}/background`)).text, 'begun');
  await server.waitFor(/the work is done/);
  const endless = rawClient(t, portOf(server)).send(get('/endless'));
  await endless.receives('tick');
  endless.socket.destroy();
  await server.waitFor(/the stream is over/);
});

framework('fastapi', 'uploads, threads and background tasks', async (t, server) => {
  const boundary = 'frontier';
  const part = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(part),
    randomBytes(2_000_000),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
  const uploaded = await request(`${server.url}/upload`, { method: 'POST', body, headers });
  t.deepEqual(JSON.parse(uploaded.text), { name: 'a.bin', size: 2_000_000 });
  t.is((await request(`${server.url}/items/7`)).text, '{"number":7}');
  t.is((await request(`${server.url}/background`)).text, '"begun"');
  const gone = rawClient(t, portOf(server)).send(get('/gone'));
  await request(`${server.url}/items/8`);
  gone.socket.destroy();
  await server.waitFor(/the client is gone/);
  await server.waitFor(/the work is done/);
});

framework('django', 'a room of Channels hears what one of it says, and who has left', async (t, server) => {
  await talk(t, server);
  await server.waitFor(/left the room with 1000/);
  const sockets = [1, 2].map(() => new WebSocket(`${server.url.replace('http', 'ws')}/ws`));
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  const heard = sockets.map((socket) => once(socket, 'message') as Promise<[Buffer]>);
  sockets[0]!.send('all');
  t.deepEqual(
    (await Promise.all(heard)).map(([data]) => data.toString()),
    ['you said all', 'you said all'],
  );
  const closed = sockets.map((socket) => once(socket, 'close') as Promise<[number]>);
  server.signal('SIGHUP');
  t.deepEqual(
    (await Promise.all(closed)).map(([code]) => code),
    [1012, 1012],
  );
  await server.waitFor(/left the room with 1012/, { times: 2 });
});

framework('django', 'a view that is no coroutine', async (t, server) => {
  t.regex((await request(server.url)).text, /^http 127\.0\.0\.1:\d+ 127\.0\.0\.1$/);
});

for (const name of ['starlette', 'fastapi', 'django', 'litestar', 'quart']) {
  framework(
    name,
    'what was asked of it leaves nothing that keeps it from its end, and no traceback',
    async (t, server) => {
      t.is((await server.stop()).code, 0);
      t.notRegex(server.log(), /Traceback/);
    },
  );
}
