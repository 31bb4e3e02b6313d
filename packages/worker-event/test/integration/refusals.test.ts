import { once } from 'node:events';
import { createServer } from 'node:http';
import test from 'ava';
import { eventually, rawClient, startWorker } from './running-worker.ts';

const handler = (_request: unknown, response: { end(text: string): unknown }): void =>
  void response.end('ok');

test('what is no HTTP is answered with 400 and logged with its sender', async (t) => {
  const { port, logged } = await startWorker(t, { kind: 'node', handler });
  const received = await rawClient(t, port).send('NONSENSE\r\n\r\n').closes();
  t.regex(received, /^HTTP\/1\.1 400 Bad Request\r\n[^]*\r\nConnection: close\r\n/);
  t.is(logged.length, 1);
  t.is(logged[0]?.level, 'warning');
  t.regex(logged[0]?.message ?? '', /^Invalid request from ip=127\.0\.0\.1: the request line is not /);
});

test('a head that is too large is answered with 431, while the client still sends', async (t) => {
  const settings = { limitRequestFields: 4, limitRequestFieldSize: 8190 };
  const { port } = await startWorker(t, { kind: 'node', handler }, { settings });
  const client = rawClient(t, port).send('GET / HTTP/1.1\r\nHost: a\r\n');
  for (let index = 0; index < 20; index++) client.send(`X-${index}: ${'x'.repeat(8000)}\r\n`);
  t.regex(await client.closes(), /^HTTP\/1\.1 431 /);
  t.is(client.error, undefined);
});

test('a client that sends half a head, and one that sends nothing, are closed in time', async (t) => {
  const { port, logged } = await startWorker(
    t,
    { kind: 'node', handler },
    { settings: { headersTimeout: 0.3 } },
  );
  const half = rawClient(t, port).send('GET / HTTP/1.1\r\nHo');
  const silent = rawClient(t, port);
  const began = Date.now();
  t.regex(await half.closes(), /^HTTP\/1\.1 408 Request Timeout\r\n[^]*\r\nConnection: close\r\n/);
  t.is(await silent.closes(), '');
  t.true(Date.now() - began < 15_000, 'without the setting it would take longer');
  t.deepEqual(logged.map(({ level }) => level).sort(), ['debug', 'warning']);
});

test.serial(
  'headersTimeout holds against 500 half-sent requests, also while the worker drains',
  async (t) => {
    const { port, worker } = await startWorker(
      t,
      { kind: 'node', handler },
      { settings: { headersTimeout: 0.5 } },
    );
    const clients = Array.from({ length: 500 }, () => rawClient(t, port).send('GET / HTTP/1.1\r\nHo'));
    await Promise.all(clients.map(({ socket }) => once(socket, 'connect')));
    const began = Date.now();
    await worker.drain(20_000);
    t.true(Date.now() - began < 15_000, 'the drain has 20 s');
    await eventually(() => clients.every(({ ended, closed }) => ended || closed));
    t.true(clients.every(({ received }) => received.startsWith('HTTP/1.1 408 ')));
  },
);

test('a body that is sent slowly is not limited by headersTimeout', async (t) => {
  const { port } = await startWorker(
    t,
    {
      kind: 'node',
      handler(request, response) {
        let length = 0;
        request.on('data', (chunk: Buffer) => (length += chunk.length));
        request.on('end', () => response.end(`got ${length}`));
      },
    },
    { settings: { headersTimeout: 0.5 } },
  );
  const client = rawClient(t, port).send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n');
  for (const piece of ['ab', 'cd', 'ef']) {
    // In this time a head would have been given up.
    await rawClient(t, port).send('GET / HTTP/1.1\r\nHo').closes();
    client.send(piece);
  }
  await client.receives('got 6');
  t.pass();
});

test('an error in the body of a request does not write into its response', async (t) => {
  const { port } = await startWorker(t, {
    kind: 'node',
    handler: (_request, response) => void response.write('begun'),
  });
  const client = rawClient(t, port).send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  await client.receives('begun');
  client.send('no chunk size\r\n');
  t.false((await client.closes()).includes('400'));
});

test('an application that listens to clientError answers itself', async (t) => {
  const server = createServer();
  const codes: unknown[] = [];
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    codes.push(error.code);
    socket.end('HTTP/1.1 418 Mine\r\n\r\n');
  });
  const { port, logged } = await startWorker(t, { kind: 'node', handler, server });
  t.regex(await rawClient(t, port).send('NONSENSE\r\n\r\n').closes(), /^HTTP\/1\.1 418 Mine/);
  t.deepEqual(codes, ['HPE_INVALID_METHOD']);
  t.deepEqual(logged, []);
});
