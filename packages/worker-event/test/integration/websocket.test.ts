import { once } from 'node:events';
import { createServer } from 'node:http';
import test from 'ava';
import { WebSocket, WebSocketServer } from 'ws';
import { eventually, rawClient, startWorker } from './running-worker.ts';

const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: private\r\n\r\n';

test('a WebSocket server on the application’s http.Server works, and is closed with 1012 when the worker drains', async (t) => {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${String(data)}`)));
  const { port, worker } = await startWorker(t, { kind: 'node', handler: () => undefined, server });
  const client = new WebSocket(`ws://127.0.0.1:${port}/`);
  await once(client, 'open');
  client.send('hello');
  const [message] = (await once(client, 'message')) as [Buffer];
  t.is(message.toString(), 'echo hello');
  const closed = once(client, 'close');
  await worker.drain(20_000);
  const [code] = (await closed) as [number];
  t.is(code, 1012);
});

test('a WebSocket client that does not hang up is left behind after two seconds', async (t) => {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const { port, worker } = await startWorker(t, { kind: 'node', handler: () => undefined, server });
  const opened = once(sockets, 'connection');
  const client = rawClient(t, port);
  client.send(
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await opened;
  await client.receives('101 Switching Protocols');
  const began = Date.now();
  await worker.drain(20_000);
  t.true(Date.now() - began < 15_000, 'the drain has 20 s');
  t.true(client.received.includes('\x88\x02\x03\xf4'));
});

test('an upgraded socket that is no WebSocket is ended without a frame', async (t) => {
  const server = createServer();
  server.on('upgrade', (_request, socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\nraw'));
  const { port, worker } = await startWorker(t, { kind: 'node', handler: () => undefined, server });
  const client = rawClient(t, port).send(UPGRADE);
  await client.receives('raw');
  await worker.drain(20_000);
  t.regex(client.received, /raw$/);
});

test('without an upgrade listener such a request is served as any other', async (t) => {
  const { port } = await startWorker(t, {
    kind: 'node',
    handler: (_request, response) => void response.end('plain'),
  });
  await rawClient(t, port).send(UPGRADE).receives('plain');
  t.pass();
});

test('an upgrade listener that throws costs its own connection only', async (t) => {
  const server = createServer();
  server.on('upgrade', () => {
    throw new Error('not today');
  });
  const { port, logged } = await startWorker(t, { kind: 'node', handler: () => undefined, server });
  await rawClient(t, port).send(UPGRADE).closes();
  await eventually(() => logged.length === 1);
  t.regex(logged[0]?.message ?? '', /GET \/\nError: not today/);
});

test('upgrades appear in the access log when they end, with the status the application gave', async (t) => {
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    if (request.url === '/no') socket.end('HTTP/1.1 401 Unauthorized\r\nX-Why: password\r\n\r\n');
    else socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n12345');
  });
  const { port, finished } = await startWorker(
    t,
    { kind: 'node', handler: () => undefined, server },
    { accessLog: true },
  );
  await rawClient(t, port).send(UPGRADE).closes();
  await rawClient(t, port).send(UPGRADE.replace('GET /', 'GET /no')).closes();
  await eventually(() => finished.length === 2);
  t.like(finished[0], { status: 101, bytes: 5, target: '/', remoteAddress: '127.0.0.1' });
  t.like(finished[1], { status: 401, bytes: 0, target: '/no' });
  t.is(finished[1]?.responseHeader('x-why'), 'password');
});
