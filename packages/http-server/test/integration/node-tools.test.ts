import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { eventually, rawClient } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { WebSocket, WebSocketServer } from 'ws';
import { engineServer, listening, TRANSPORTS } from '../makers.ts';

const GET = 'GET /asked HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

interface Published {
  readonly request: { readonly url: string };
  readonly response: { readonly statusCode: number };
  readonly server: unknown;
  readonly socket: unknown;
}

for (const transport of TRANSPORTS) {
  const make = engineServer(transport);

  test.serial(`${transport}: tools that watch Node's channels see each request begin and end`, async (t) => {
    const server = make({}, (_request, response) => response.writeHead(201).end('x'));
    const seen: string[] = [];
    const note = (what: string) => (message: unknown) => {
      const published = message as Published;
      if (published.server !== server) return;
      t.true(published.socket instanceof Socket);
      seen.push(`${what} ${published.request.url} ${published.response.statusCode}`);
    };
    const onStart = note('start');
    const onFinish = note('finish');
    subscribe('http.server.request.start', onStart);
    subscribe('http.server.response.finish', onFinish);
    t.teardown(() => {
      unsubscribe('http.server.request.start', onStart);
      unsubscribe('http.server.response.finish', onFinish);
    });
    const port = await listening(t, server);
    await rawClient(t, port).send(GET).closes();
    await eventually(() => seen.length === 2);
    t.deepEqual(seen, ['start /asked 200', 'finish /asked 201']);
  });

  test.serial(`${transport}: a performance observer gets an entry for each request`, async (t) => {
    const entries: PerformanceEntry[] = [];
    const observer = new PerformanceObserver((list) => void entries.push(...list.getEntries()));
    observer.observe({ entryTypes: ['http'] });
    t.teardown(() => observer.disconnect());
    const port = await listening(
      t,
      make({}, (_request, response) => response.end('x')),
    );
    await rawClient(t, port).send(GET).closes();
    await eventually(() => entries.length > 0);
    const { detail } = entries[0] as unknown as {
      detail: { req: { url: string }; res: { statusCode: number } };
    };
    t.is(detail.req.url, '/asked');
    t.is(detail.res.statusCode, 200);
  });

  test(`${transport}: what runs in a context finds it in everything that follows`, async (t) => {
    const storage = new AsyncLocalStorage<number>();
    let next = 0;
    const found: unknown[] = [];
    const port = await listening(
      t,
      make({}, (request, response) => {
        const id = next++;
        storage.run(id, () => {
          response.on('finish', () => found.push([id, storage.getStore()]));
          setTimeout(() => response.end(String(storage.getStore())), 3 - (id % 3));
          request.resume();
        });
      }),
    );
    const clients = Array.from({ length: 6 }, () => rawClient(t, port).send(GET));
    await Promise.all(clients.map((client) => client.closes()));
    await eventually(() => found.length === 6);
    for (const [id, store] of found as [number, number][]) t.is(store, id);
  });

  test(`${transport}: a WebSocket server on the server works, also with what came behind the request`, async (t) => {
    const server = make();
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket, request) => {
      t.is(request.socket.remoteAddress, '127.0.0.1');
      socket.on('message', (data) => socket.send(`echo ${String(data)}`));
    });
    const port = await listening(t, server);
    const client = new WebSocket(`ws://127.0.0.1:${port}/`);
    await once(client, 'open');
    client.send('hello');
    const [message] = (await once(client, 'message')) as [Buffer];
    t.is(message.toString(), 'echo hello');
    const raw = rawClient(t, port);
    raw.send(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n' +
        // A masked frame with the text "hi", in the same packet as the request.
        '\x81\x82\x00\x00\x00\x00hi',
    );
    await raw.receives('echo hi');
    client.close();
    await once(client, 'close');
    raw.socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  test(`${transport}: the timeout of a response is heard, and cuts whom nobody hears`, async (t) => {
    const server = make({}, (request, response) => {
      if (request.url === '/response') response.setTimeout(30, () => response.end('late'));
    });
    const port = await listening(t, server);
    t.regex(await rawClient(t, port).send(GET.replace('/asked', '/response')).closes(), /late$/);
    server.setTimeout(30);
    t.is(await rawClient(t, port).send(GET).closes(), '');
  });
}
