import { createServer } from 'node:http';
import test from 'ava';
import { fetch } from 'undici';
import { eventually, rawClient, startWorker } from './running-worker.ts';

test('a handler serves requests', async (t) => {
  const { origin, finished } = await startWorker(t, {
    kind: 'node',
    handler: (request, response) => void response.end(`hello ${request.url}`),
  });
  const response = await fetch(`${origin}/there`);
  t.is(await response.text(), 'hello /there');
  t.deepEqual(finished, [undefined]);
});

test('a handler that throws answers 500 and its stack goes to the log only', async (t) => {
  const { origin, logged } = await startWorker(t, {
    kind: 'node',
    handler() {
      throw new Error('secret reason');
    },
  });
  const response = await fetch(`${origin}/broken`);
  t.is(response.status, 500);
  t.is(await response.text(), '500 Internal Server Error\n');
  t.regex(logged[0]?.message ?? '', /Error handling request GET \/broken\nError: secret reason\n {4}at /);
});

test('a handler that rejects after its head was sent breaks the connection', async (t) => {
  const { port, logged } = await startWorker(t, {
    kind: 'node',
    async handler(_request, response) {
      response.write('begun');
      await Promise.resolve();
      throw new Error('too late');
    },
  });
  const client = rawClient(t, port).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.closes();
  t.false(client.received.includes('0\r\n\r\n'));
  t.is(logged[0]?.level, 'error');
});

test('listeners of the application’s own server are honoured', async (t) => {
  const server = createServer();
  server.on('checkContinue', (_request, response) => {
    response.writeHead(417).end('refused by the application');
  });
  const { port, finished } = await startWorker(t, {
    kind: 'node',
    handler: (_request, response) => void response.end(),
    server,
  });
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 101 Switching\r\n\r\nraw'));
  const expecting = rawClient(t, port).send(
    'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n',
  );
  t.regex(await expecting.receives('refused by the application'), /^HTTP\/1.1 417 /);
  const upgrading = rawClient(t, port).send(
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: foo\r\n\r\n',
  );
  t.regex(await upgrading.closes(), /raw$/);
  await eventually(() => finished.length === 2);
});
