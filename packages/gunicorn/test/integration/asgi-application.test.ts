import { once } from 'node:events';
import { request, type Server, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const APPLICATION = `import { resolve } from 'node:path';

const bytes = (text) => new TextEncoder().encode(text);
const headers = (...pairs) => pairs.map(([name, value]) => [bytes(name), bytes(value)]);

async function lifespan(scope, receive, send) {
  await receive();
  scope.state.pool = { taken: 0 };
  if (process.env.FAILS) return send({ type: 'lifespan.startup.failed', message: 'no database there' });
  await send({ type: 'lifespan.startup.complete' });
  await receive();
  console.log('the pool is closed, taken', scope.state.pool.taken);
  await send({ type: 'lifespan.shutdown.complete' });
}

async function echo(scope, receive, send) {
  const first = await receive();
  if (scope.path.endsWith('/refused')) return send({ type: 'websocket.close' });
  await send({ type: 'websocket.accept', subprotocol: scope.subprotocols[1] });
  await send({ type: 'websocket.send', text: [first.type, scope.scheme, scope.path, scope.root_path].join(' ') });
  for (;;) {
    const message = await receive();
    if (message.type === 'websocket.disconnect') return console.log('left with', message.code, message.reason);
    if (message.text === 'close') return send({ type: 'websocket.close', code: 4000, reason: 'enough' });
    if (message.text === 'raise') throw new Error('no such word');
    await send({ type: 'websocket.send', text: message.text, bytes: message.bytes });
  }
}

export default async function app(scope, receive, send) {
  if (scope.type === 'lifespan') return lifespan(scope, receive, send);
  if (scope.type === 'websocket') return echo(scope, receive, send);
  scope.state.pool.taken++;
  await send({ type: 'http.response.start', status: 200, headers: headers(['x-root', scope.root_path]) });
  if (scope.path.endsWith('/file'))
    return send({ type: 'http.response.pathsend', path: resolve('app.ts') });
  await send({ type: 'http.response.body', body: bytes(scope.path + ' ' + scope.state.pool.taken) });
}
`;

function serve(t: Parameters<typeof startServer>[0], env: Record<string, string> = {}): Promise<Server> {
  return startServer(t, { app: APPLICATION, args: ['-k', 'event'], env });
}

async function messageOf(socket: WebSocket): Promise<unknown> {
  const [event] = (await once(socket, 'message')) as [MessageEvent];
  return event.data;
}

async function closeOf(socket: WebSocket): Promise<string> {
  const [event] = (await once(socket, 'close')) as [CloseEvent];
  return `${event.code} ${event.reason}`;
}

test('an ASGI application in TypeScript has a lifespan, whose state is in all scopes, and a root path', async (t) => {
  const server = await serve(t, { SCRIPT_NAME: '/api' });
  const { text, headers } = await request(`${server.url}/one`);
  t.regex(text, /^\/api\/one [12]$/);
  t.is(headers['x-root'], '/api');
  t.regex((await request(`${server.url}/api/two`)).text, /^\/api\/two [23]$/);
  t.regex((await request(`${server.url}/file`)).text, /export default async function app/);
  server.signal('SIGTERM');
  t.is((await server.exit).code, 0);
  t.regex(server.log(), /the pool is closed, taken [34]/);
});

test('an ASGI application in TypeScript that cannot start says why', async (t) => {
  const server = await startServer(t, {
    app: APPLICATION,
    args: ['-k', 'event'],
    env: { FAILS: '1' },
    until: 'spawned',
  });
  t.is((await server.exit).code, 3);
  t.regex(server.log(), /no database there/);
});

test('WebSockets of an ASGI application in TypeScript are opened, refused, closed, and told to come again', async (t) => {
  const server = await serve(t);
  const url = server.url.replace('http', 'ws');
  const open = (path: string, protocols: string[] = []): WebSocket => {
    const socket = new WebSocket(url + path, protocols);
    socket.addEventListener('error', () => undefined);
    return socket;
  };
  const socket = open('/ws', ['one', 'two']);
  t.is(await messageOf(socket), 'websocket.connect ws /ws ');
  t.is(socket.protocol, 'two');
  const large = 'x'.repeat(300_000);
  socket.send(large);
  t.is(await messageOf(socket), large);
  socket.binaryType = 'arraybuffer';
  socket.send(Uint8Array.of(1, 2));
  t.deepEqual(new Uint8Array((await messageOf(socket)) as ArrayBuffer), Uint8Array.of(1, 2));
  socket.send('close');
  t.is(await closeOf(socket), '4000 enough');
  const refused = open('/refused');
  t.regex(await closeOf(refused), /^1006/);
  const raising = open('/ws');
  await messageOf(raising);
  raising.send('raise');
  t.regex(await closeOf(raising), /^1011/);
  await server.waitFor(/no such word/);
  const leaving = open('/ws');
  await messageOf(leaving);
  leaving.close(3001, 'bye');
  await server.waitFor(/left with 3001 bye/);
  const kept = open('/ws');
  await messageOf(kept);
  server.signal('SIGTERM');
  t.regex(await closeOf(kept), /^1012/);
  t.is((await server.exit).code, 0);
  t.regex(server.log(), /left with 1012/);
});
