import test from 'ava';
import { eventually, rawClient, startWorker } from './running-worker.ts';

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;

test('pipelined requests are given to the application one after the other', async (t) => {
  const seen: string[] = [];
  let release = (): void => {};
  const { port, worker } = await startWorker(t, {
    kind: 'node',
    handler(request, response) {
      seen.push(String(request.url));
      release = () => void response.end(`[${request.url}]`);
    },
  });
  const client = rawClient(t, port).send(get('/1') + get('/2') + get('/3'));
  for (let count = 1; count <= 3; count++) {
    await eventually(() => seen.length === count);
    t.is(worker.inFlight().length, 1);
    release();
    await client.receives(`[/${count}]`);
  }
  t.deepEqual(seen, ['/1', '/2', '/3']);
});

test('a request behind Connection: close is not served', async (t) => {
  const seen: unknown[] = [];
  const { port } = await startWorker(t, {
    kind: 'node',
    handler({ url }, response) {
      seen.push(url);
      response.end('ok');
    },
  });
  const client = rawClient(t, port).send(get('/1', 'Connection: close\r\n') + get('/2'));
  t.regex(await client.closes(), /^HTTP\/1\.1 200 [^]*ok$/);
  t.deepEqual(seen, ['/1']);
});

test('keepalive is how long an idle connection is kept, and is announced', async (t) => {
  const { port } = await startWorker(
    t,
    { kind: 'node', handler: (_request, response) => void response.end('ok') },
    { settings: { keepalive: 1 } },
  );
  const client = rawClient(t, port).send(get('/'));
  t.regex(await client.receives('ok'), /Connection: keep-alive\r\nKeep-Alive: timeout=1\r\n/);
  client.send(get('/'));
  await client.receives('ok', 2);
  await client.closes();
  t.is(client.error, undefined);
});

test('keepalive 0 closes after each response', async (t) => {
  const { port } = await startWorker(
    t,
    { kind: 'node', handler: (_request, response) => void response.end('ok') },
    { settings: { keepalive: 0 } },
  );
  t.regex(await rawClient(t, port).send(get('/')).closes(), /Connection: close\r\n[^]*ok$/);
});

test('HTTP/1.0 clients get a response that ends with the connection', async (t) => {
  const { port } = await startWorker(t, {
    kind: 'node',
    handler(_request, response) {
      response.write('a');
      response.end('b');
    },
  });
  const received = await rawClient(t, port).send('GET / HTTP/1.0\r\n\r\n').closes();
  t.regex(received, /\r\n\r\nab$/);
  t.false(received.includes('chunked'));
});

test('HEAD, 204 and 304 have no body', async (t) => {
  const { port } = await startWorker(t, {
    kind: 'node',
    handler(request, response) {
      response.statusCode = Number(String(request.url).slice(1));
      response.end(response.statusCode === 200 ? 'body' : undefined);
    },
  });
  const client = rawClient(t, port);
  client.send(
    get('/204') + get('/304') + get('/200').replace('GET', 'HEAD') + get('/200', 'Connection: close\r\n'),
  );
  const bodies = (await client.closes()).split(/HTTP\/1\.1 \d+ [^]*?\r\n\r\n/).slice(1);
  t.deepEqual(bodies, ['', '', '', 'body']);
});

test('early hints, trailers and 100 Continue pass through', async (t) => {
  const { port } = await startWorker(t, {
    kind: 'node',
    handler(request, response) {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.writeHead(200, { Trailer: 'X-Sum' });
      let length = 0;
      request.on('data', (chunk: Buffer) => (length += chunk.length));
      request.on('end', () => {
        response.write(`${length} bytes, ${request.trailers['x-end']}`);
        response.addTrailers({ 'X-Sum': String(length) });
        response.end();
      });
    },
  });
  const client = rawClient(t, port);
  client.send(
    'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n',
  );
  await client.receives('100 Continue');
  client.send('3\r\nabc\r\n0\r\nX-End: yes\r\n\r\n');
  const received = await client.closes();
  t.regex(received, /HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n/);
  t.regex(received, /3 bytes, yes\r\n0\r\nX-Sum: 3\r\n\r\n$/);
});

test('what is in flight is told without waiting', async (t) => {
  const { port, worker } = await startWorker(t, { kind: 'node', handler: () => undefined });
  rawClient(t, port).send(get(`/${'x'.repeat(300)}`));
  await eventually(() => worker.inFlight().length === 1);
  const [request] = worker.inFlight();
  t.like(request, { method: 'GET', target: `/${'x'.repeat(199)}`, peer: '127.0.0.1' });
  t.true(Number.isInteger(request?.ageMs));
});
