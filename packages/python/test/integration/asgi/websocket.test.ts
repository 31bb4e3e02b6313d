import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { eventually, processesGone, rawClient, request, type Server } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { WebSocket, type ClientOptions } from 'ws';
import { get, portOf, pythonTest, serveAsgi } from './serve.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

interface Closed {
  readonly code: number;
  readonly reason: string;
}

function connect(
  t: ExecutionContext,
  server: Server,
  path: string,
  options: ClientOptions & { protocols?: string[] } = {},
): WebSocket {
  const { protocols = [], ...rest } = options;
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/${path}`, protocols, {
    perMessageDeflate: false,
    ...rest,
  });
  socket.on('error', () => undefined);
  t.teardown(() => socket.terminate());
  return socket;
}

async function closeOf(socket: WebSocket): Promise<Closed> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return { code, reason: reason.toString() };
}

async function errorsOf(server: Server): Promise<string[]> {
  return JSON.parse((await request(`${server.url}/errors`)).text) as string[];
}

for (const deflates of [false, true]) {
  pythonTest(
    `messages of any size come back as they were, ${deflates ? 'compressed' : 'plain'}`,
    async (t) => {
      const server = await serveAsgi(t, deflates ? ['--websocket-deflate'] : []);
      const socket = connect(t, server, 'ws_echo', { perMessageDeflate: deflates, maxPayload: 2 ** 25 });
      await once(socket, 'open');
      t.is(socket.extensions !== '', deflates);
      // What cannot be compressed becomes longer.
      const most = 16 * 2 ** 20 - (deflates ? 2 ** 20 : 0);
      for (const size of [0, 1, 65_535, 65_536, 65_537, most]) {
        const sent = randomBytes(size);
        socket.send(sent);
        const [data, isBinary] = (await once(socket, 'message')) as [Buffer, boolean];
        t.true(isBinary);
        t.true(data.equals(sent), `${size} bytes`);
      }
      for (const text of ['', 'grüß dich', 'ä'.repeat(100_000)]) {
        socket.send(text);
        const [data, isBinary] = (await once(socket, 'message')) as [Buffer, boolean];
        t.false(isBinary);
        t.is(data.toString(), text);
      }
      socket.send('frag', { fin: false });
      socket.send('mented', { fin: true });
      t.is(String(((await once(socket, 'message')) as [Buffer])[0]), 'fragmented');
      socket.close(4321, 'done');
      await server.waitFor(/disconnect: 4321 'done'/);
    },
  );
}

pythonTest('a scope of a WebSocket, its subprotocol and its headers', async (t) => {
  const server = await serveAsgi(t);
  const socket = connect(t, server, 'ws_show?a=1', { protocols: ['one', 'two'] });
  const upgrade = once(socket, 'upgrade') as Promise<[{ headers: Record<string, string> }]>;
  const [data] = (await once(socket, 'message')) as [Buffer];
  t.is((await upgrade)[0].headers['x-kept'], '1');
  t.is(socket.protocol, 'two');
  const { client, ...scope } = JSON.parse(data.toString()) as Record<string, unknown>;
  t.is((client as unknown[]).length, 2);
  t.deepEqual(scope, {
    type: 'websocket',
    asgi: { version: '3.0', spec_version: '2.4' },
    http_version: '1.1',
    server: ['127.0.0.1', portOf(server)],
    scheme: 'ws',
    root_path: '',
    path: '/ws_show',
    raw_path: '/ws_show',
    query_string: 'a=1',
    headers: [],
    subprotocols: ['one', 'two'],
    state: { list: [], name: 'shared' },
    extensions: { 'websocket.http.response': {} },
  });
  socket.send('one key');
  t.is(String(((await once(socket, 'message')) as [Buffer])[0]), 'text type');
});

pythonTest('a handshake that is none, or that the application refuses, is answered by HTTP', async (t) => {
  const server = await serveAsgi(t);
  const opening = (path: string, ...more: string[]): string =>
    get(`/${path}`, 'Connection: Upgrade', 'Upgrade: websocket', ...more);
  const [version, key] = ['Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${KEY}`];
  for (const [head, answer] of [
    [opening('ws_echo', 'Sec-WebSocket-Version: 8', key), /^HTTP\/1\.1 426 .*Sec-WebSocket-Version: 13\r/s],
    [opening('ws_echo', version, 'Sec-WebSocket-Key: short'), /^HTTP\/1\.1 400 /],
    [opening('ws_echo', version, key).replace('GET', 'POST'), /^HTTP\/1\.1 405 /],
    [opening('ws_refuse', version, key), /^HTTP\/1\.1 403 .*\r\n\r\n$/s],
    [opening('ws_return', version, key), /^HTTP\/1\.1 403 /],
    [opening('ws_raise', version, key), /^HTTP\/1\.1 500 /],
    [opening('ws_deny_badly', version, key), /^HTTP\/1\.1 500 /],
    [opening('ws_deny', version, key), /^HTTP\/1\.1 401 .*x-why: no.*not .*you/s],
  ] as const) {
    const client = rawClient(t, portOf(server)).send(head);
    await eventually(() => answer.test(client.received), String(answer));
    client.socket.destroy();
  }
  await server.waitFor(/ValueError: no such socket/);
  const told = JSON.parse((await request(`${server.url}/told`)).text) as string[];
  t.is(told.filter((word) => word === '1006').length, 2);
});

pythonTest('codes of the end go both ways', async (t) => {
  const server = await serveAsgi(t);
  const first = connect(t, server, 'ws_echo');
  await once(first, 'open');
  first.close();
  await server.waitFor(/disconnect: 1005 ''/);
  const second = connect(t, server, 'ws_echo');
  await once(second, 'open');
  second.terminate();
  await server.waitFor(/disconnect: 1006 ''/);
  t.deepEqual(await closeOf(connect(t, server, 'ws_accept_return')), { code: 1000, reason: '' });
  t.deepEqual(await closeOf(connect(t, server, 'ws_accept_raise')), { code: 1011, reason: '' });
  await server.waitFor(/ValueError: broken socket/);
  t.deepEqual(await closeOf(connect(t, server, 'ws_close')), { code: 4000, reason: 'enough' });
  const thrown = await errorsOf(server);
  t.deepEqual(
    thrown.map((text) => text.split(':')[0]),
    ['RuntimeError', 'RuntimeError', 'ValueError', 'ValueError', 'websocket.disconnect', 'RuntimeError'],
  );
  t.regex(thrown[4]!, /4000 enough/);
  const gone = connect(t, server, 'ws_gone');
  await once(gone, 'open');
  gone.terminate();
  await server.waitFor(/nobody is there/);
  t.regex((await errorsOf(server))[0]!, /^ClientDisconnected/);
});

pythonTest('a message that is too long ends the WebSocket with 1009', async (t) => {
  const server = await serveAsgi(t, ['--websocket-max-message-size', '1000']);
  const socket = connect(t, server, 'ws_echo');
  await once(socket, 'open');
  socket.send('x'.repeat(1001));
  t.is((await closeOf(socket)).code, 1009);
});

pythonTest('a client that gives no sign of life is left', async (t) => {
  const server = await serveAsgi(t, ['--websocket-ping', '0.2']);
  const deaf = connect(t, server, 'ws_echo', { autoPong: false });
  const alive = connect(t, server, 'ws_echo');
  await once(alive, 'open');
  await closeOf(deaf);
  await server.waitFor(/disconnect: 1006/);
  t.is(alive.readyState, WebSocket.OPEN);
});

pythonTest('a slow client holds back the application, and a slow application its client', async (t) => {
  const server = await serveAsgi(t);
  const slow = connect(t, server, 'ws_flood');
  await once(slow, 'open');
  slow.pause();
  let last = -1;
  await eventually(async () => {
    const [sent] = JSON.parse((await request(`${server.url}/told`)).text) as string[];
    const before = last;
    last = sent === undefined ? last : Number(sent);
    return before === last && last > 0;
  }, 'the flood to stand still');
  t.true(last < 16 * 2 ** 20, String(last));
  slow.terminate();
  await server.waitFor(/flood over/);
  const deaf = connect(t, server, 'ws_deaf');
  await once(deaf, 'open');
  const piece = Buffer.alloc(100_000);
  for (let sent = 0; sent < 64 * 2 ** 20; sent += piece.length) deaf.send(piece);
  let waiting = -1;
  await eventually(() => {
    const before = waiting;
    waiting = deaf.bufferedAmount;
    return before === waiting;
  }, 'the client to stand still');
  t.true(waiting > 32 * 2 ** 20, String(waiting));
});

pythonTest('a worker that leaves says 1012 to both sides', async (t) => {
  const server = await serveAsgi(t);
  const socket = connect(t, server, 'ws_echo');
  await once(socket, 'open');
  const before = server.workers();
  server.signal('SIGHUP');
  t.is((await closeOf(socket)).code, 1012);
  await server.waitFor(/disconnect: 1012/);
  await processesGone(before, 30_000);
  const again = connect(t, server, 'ws_echo');
  await once(again, 'open');
  t.is(again.readyState, WebSocket.OPEN);
});
