import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { startLoad, type LoadOptions, type LoadReport } from '../../src/load.ts';

const KINDS = ['newConnections', 'keepAlive', 'slowReaders'] as const;

async function listen(t: ExecutionContext, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    if (server instanceof http.Server) server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (t: ExecutionContext, handler: RequestListener): Promise<string> =>
  listen(t, http.createServer(handler));

/** A server that answers nothing by itself. */
const accept = (t: ExecutionContext, onRequest: (socket: Socket) => void): Promise<string> =>
  listen(
    t,
    net.createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => onRequest(socket));
    }),
  );

async function load(options: LoadOptions, requests: number): Promise<LoadReport> {
  const running = startLoad({ largePath: '/', ...options });
  await running.more(requests);
  return running.stop();
}

/** Two of a kind: of the keep-alive clients, one of raw sockets and one of undici. */
const two = (url: string, kind: (typeof KINDS)[number]): LoadOptions => ({ url, [kind]: 2 });

for (const kind of KINDS) {
  test(`${kind}: a server that behaves has no failure`, async (t) => {
    const url = await serve(t, (_request, response) => response.end('x'.repeat(200_000)));
    const report = await load(two(url, kind), 10);
    t.deepEqual(report.failures, []);
    t.true(report.requests >= 10);
    t.true(report.slowestMs > 0);
  });

  test(`${kind}: a reset in place of an answer is noticed`, async (t) => {
    const url = await accept(t, (socket) => socket.resetAndDestroy());
    const { failures, requests } = await load(two(url, kind), 4);
    t.is(failures.length, requests);
    for (const failure of failures) t.is(failure.kind, 'reset', failure.detail);
  });

  test(`${kind}: an end in place of an answer is noticed`, async (t) => {
    const url = await accept(t, (socket) => socket.end());
    const { failures, requests } = await load(two(url, kind), 4);
    t.is(failures.length, requests);
    for (const failure of failures) t.is(failure.kind, 'reset', failure.detail);
  });

  for (const framing of ['Content-Length: 10', 'Transfer-Encoding: chunked']) {
    test(`${kind}: a body that is shorter than its ${framing} is noticed`, async (t) => {
      const url = await accept(t, (socket) =>
        socket.end(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n5\r\nhello\r\n`.slice(0, -2)),
      );
      const { failures, requests } = await load(two(url, kind), 4);
      t.is(failures.length, requests);
      for (const failure of failures) t.is(failure.kind, 'short', failure.detail);
    });
  }

  test(`${kind}: a 500 is noticed`, async (t) => {
    const url = await serve(t, (_request, response) => response.writeHead(500).end('sorry'));
    const { failures, requests } = await load(two(url, kind), 4);
    t.is(failures.length, requests);
    for (const failure of failures) t.is(failure.kind, 'status', failure.detail);
  });

  test(`${kind}: an answer that takes too long is noticed`, async (t) => {
    const url = await serve(t, (_request, response) => setTimeout(() => response.end('late'), 600));
    const { failures } = await load({ ...two(url, kind), limitMs: 300 }, 2);
    t.true(failures.length >= 2);
    for (const failure of failures) t.is(failure.kind, 'slow', failure.detail);
  });

  test(`${kind}: an answer that stops in the middle is noticed`, async (t) => {
    const url = await serve(t, (_request, response) => {
      response.write('x');
    });
    const { failures } = await load({ ...two(url, kind), limitMs: 300 }, 2);
    t.true(failures.length >= 2);
    for (const failure of failures) t.is(failure.kind, 'slow', failure.detail);
  });

  test(`${kind}: a server that is not there is noticed`, async (t) => {
    const server = http.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const { failures } = await load(two(`http://127.0.0.1:${port}`, kind), 2);
    t.true(failures.length >= 2);
    for (const failure of failures) t.is(failure.kind, 'refused', failure.detail);
  });
}

test('a connection that breaks in the handshake of TLS was not refused', async (t) => {
  const server = net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const { failures } = await load(two(`https://127.0.0.1:${port}`, 'newConnections'), 2);
  t.true(failures.length >= 2);
  for (const failure of failures) t.is(failure.kind, 'reset', failure.detail);
});

test('a connection that is closed between two requests is no failure', async (t) => {
  const server = http.createServer((_request, response) => response.end('ok'));
  const url = await listen(t, server);
  const running = startLoad({ url, keepAlive: 2 });
  await running.more(10);
  await running.hold();
  server.closeIdleConnections();
  running.release();
  await running.more(10);
  const { failures } = await running.stop();
  t.deepEqual(failures, []);
});

test('Connection: close makes the keep-alive clients open a new connection', async (t) => {
  let connections = 0;
  const server = http.createServer((_request, response) =>
    response.setHeader('Connection', 'close').end('ok'),
  );
  server.on('connection', () => (connections += 1));
  const url = await listen(t, server);
  const { failures, requests } = await load({ url, keepAlive: 2 }, 20);
  t.deepEqual(failures, []);
  t.is(connections, requests);
});

test('the keep-alive clients keep their connection', async (t) => {
  let connections = 0;
  const server = http.createServer((_request, response) => response.end('ok'));
  server.on('connection', () => (connections += 1));
  const url = await listen(t, server);
  const { failures } = await load({ url, keepAlive: 2 }, 30);
  t.deepEqual(failures, []);
  t.is(connections, 2);
});

test('held clients make no request until they are released', async (t) => {
  let requests = 0;
  const url = await serve(t, (_request, response) => {
    requests += 1;
    response.end('ok');
  });
  const running = startLoad({ url, newConnections: 2, keepAlive: 2 });
  await running.more(10);
  await running.hold();
  const before = requests;
  t.is(running.report.requests, before);
  running.release();
  await running.more(10);
  const { failures } = await running.stop();
  t.deepEqual(failures, []);
  t.true(requests >= before + 10);
});
