import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http, { type Server as HttpServer } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { eventually, rawClient } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { createServer } from '../../src/index.ts';
import { engineServer, listening, TRANSPORTS } from '../makers.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

async function closed(server: HttpServer): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

function connections(server: HttpServer): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

for (const transport of TRANSPORTS) {
  const make = engineServer(transport);
  const hello = (): HttpServer => make({}, (_request, response) => response.end('hello'));

  test(`${transport}: it is a server of Node's to whoever asks`, async (t) => {
    const server = hello();
    t.true(server instanceof http.Server && server instanceof net.Server);
    t.is(server.address(), null);
    const port = await listening(t, server);
    t.like(server.address(), { address: '127.0.0.1', family: 'IPv4', port });
    t.true(server.listening);
    t.is(server.keepAliveTimeout, 5000);
  });

  for (const [title, listen] of Object.entries({
    'a port': (server: HttpServer) => server.listen(0),
    'a port and a callback': (server: HttpServer) => server.listen(0, () => undefined),
    'a port and a name': (server: HttpServer) => server.listen(0, 'localhost'),
    options: (server: HttpServer) =>
      server.listen({ port: 0, host: '127.0.0.1', backlog: 5, exclusive: true }),
    IPv6: (server: HttpServer) => server.listen(0, '::1'),
  })) {
    test(`${transport}: it listens on ${title}`, async (t) => {
      const server = hello();
      t.teardown(() => closed(server));
      listen(server);
      await once(server, 'listening');
      const { address, port, family } = server.address() as AddressInfo;
      const host = family === 'IPv6' ? `[${address === '::' ? '::1' : address}]` : address;
      t.is(
        await (await fetch(`http://${host}:${port}/`, { headers: { connection: 'close' } })).text(),
        'hello',
      );
    });
  }

  for (const [listened, connected] of [
    ['::', '127.0.0.1'],
    ['::', '::1'],
    ['0.0.0.0', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
  ] as const) {
    test(`${transport}: a client at ${connected} of a server on ${listened} sees the addresses that Node gives`, async (t) => {
      const addressesOf = async (server: HttpServer): Promise<unknown> => {
        t.teardown(() => closed(server));
        server.once('request', ({ socket }, response) => {
          const { remoteAddress, remoteFamily, localAddress, localFamily, localPort } = socket;
          const isPort = localPort === (server.address() as AddressInfo).port;
          const ends = { remoteAddress, remoteFamily, localAddress, localFamily, isPort };
          response.end(JSON.stringify({ ...ends, address: socket.address() }));
        });
        await once(server.listen(0, listened), 'listening');
        const { port } = server.address() as AddressInfo;
        const url = `http://${connected.includes(':') ? `[${connected}]` : connected}:${port}/`;
        const response = await fetch(url, { headers: { connection: 'close' } });
        const text = await response.text();
        return JSON.parse(text.replaceAll(String(port), '0'));
      };
      t.deepEqual(await addressesOf(make()), await addressesOf(http.createServer()));
    });
  }

  test(`${transport}: between requests a connection stays as long as keepAliveTimeout says, whatever timeout says`, async (t) => {
    const server = make({}, ({ url }, response) => void (url === '/never' || response.end('hello')));
    server.timeout = 50;
    const port = await listening(t, server);
    const kept = rawClient(t, port).send(GET);
    await kept.receives('hello');
    const cut = rawClient(t, port).send(GET.replace('/', '/never'));
    await cut.closes();
    t.is(cut.received, '');
    kept.send(GET);
    await t.notThrowsAsync(kept.receives('hello', 2));
  });

  test(`${transport}: a request that waits behind another is answered by a server that closes`, async (t) => {
    const server = hello();
    server.on('request', (_request, response) => response.once('close', () => server.close()));
    const client = rawClient(t, await listening(t, server)).send(GET + GET);
    await client.closes();
    t.is(client.received.split('hello').length - 1, 2);
  });

  test(`${transport}: it listens on a unix socket, whose file goes with it`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'http-server-'));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'x.sock');
    const server = hello().listen(path);
    await once(server, 'listening');
    const client = rawClient(t, net.connect(path)).send(GET);
    await client.receives('hello');
    t.is(server.address(), path);
    client.socket.destroy();
    await closed(server);
    await t.throwsAsync(once(net.connect(path), 'connect'), { code: 'ENOENT' });
  });

  test(`${transport}: a port that is taken is an error event`, async (t) => {
    const port = await listening(t, hello());
    const second = hello();
    const [error] = (await Promise.all([once(second, 'error'), second.listen(port, '127.0.0.1')]).then(
      ([event]) => event,
    )) as [NodeJS.ErrnoException];
    t.is(error.code, 'EADDRINUSE');
  });

  test(`${transport}: close waits for the requests, and hangs up on those who only wait`, async (t) => {
    let answer: (() => void) | undefined;
    const server = make({}, (_request, response) => {
      answer = () => response.end('late');
    });
    const port = await listening(t, server);
    const busy = rawClient(t, port).send(GET);
    await eventually(() => answer !== undefined);
    const done = answer!;
    answer = undefined;
    const idle = rawClient(t, port).send(GET);
    await eventually(() => answer !== undefined);
    answer!();
    await idle.receives('late');
    const ended = closed(server);
    await idle.closes();
    t.false(busy.closed);
    done();
    await busy.receives('late');
    busy.socket.destroy();
    await ended;
    t.is(await connections(server), 0);
  });

  test(`${transport}: close of what does not listen is an error, and it can listen again`, async (t) => {
    const server = hello();
    const error = await new Promise((resolve) => server.close(resolve));
    t.is((error as NodeJS.ErrnoException).code, 'ERR_SERVER_NOT_RUNNING');
    const port = await listening(t, server);
    t.is(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'hello');
  });

  test(`${transport}: connections are events, are counted, and are limited`, async (t) => {
    const server = hello();
    server.maxConnections = 1;
    const seen: unknown[] = [];
    server.on('connection', (socket) => {
      seen.push(socket);
      t.true(socket instanceof net.Socket);
    });
    const dropped = once(server, 'drop');
    const port = await listening(t, server);
    const first = rawClient(t, port).send(GET);
    await first.receives('hello');
    t.is(await connections(server), 1);
    const second = rawClient(t, port);
    const [info] = (await dropped) as [{ remoteAddress: string }];
    t.is(info.remoteAddress, '127.0.0.1');
    await second.closes();
    t.is(seen.length, 1);
  });

  test(`${transport}: a signal ends the listening, and disposal closes`, async (t) => {
    const controller = new AbortController();
    const server = hello();
    server.listen({ port: 0, host: '127.0.0.1', signal: controller.signal });
    await once(server, 'listening');
    const gone = once(server, 'close');
    controller.abort();
    await gone;
    const second = hello().listen(0);
    await once(second, 'listening');
    await second[Symbol.asyncDispose]();
    t.false(second.listening);
  });
}

test('a stream that somebody else made is served too', async (t) => {
  const server = createServer((request, response) => response.end(request.url));
  const outer = net.createServer((socket) => server.emit('connection', socket)).listen(0, '127.0.0.1');
  t.teardown(() => outer.close());
  await once(outer, 'listening');
  const client = rawClient(t, (outer.address() as AddressInfo).port).send(GET.replace('/', '/tunnel'));
  t.regex(await client.receives('/tunnel'), /^HTTP\/1\.1 200 OK/);
});

test('options that are none are refused as Node refuses them, and a transport that is none by what there is', (t) => {
  for (const options of ['foo', 42, [], true]) {
    t.throws(() => createServer(options as never), { code: 'ERR_INVALID_ARG_TYPE' });
  }
  t.throws(() => createServer({ transport: 'sockets' as never }), {
    instanceOf: TypeError,
    code: 'ERR_INVALID_ARG_VALUE',
    message: /transport is 'sockets'; write "auto", "descriptor" or "stream"/,
  });
});

test('a server that closes does not wait for a client that was refused, and goes on sending', async (t) => {
  t.timeout(8000, 'as long as the client is listened to');
  const server = createServer({ transport: 'descriptor' });
  const port = await listening(t, server);
  const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => {}).resume();
  client.write('GET / HTTP/9.9\r\n\r\n');
  await once(client, 'end');
  const sending = setInterval(() => client.write('more'), 50);
  t.teardown(() => {
    clearInterval(sending);
    client.destroy();
  });
  await closed(server);
  t.pass();
});

test('a server that was told before it listens keeps no process alive', async (t) => {
  const { href } = new URL('../../src/index.ts', import.meta.url);
  const script = `const { createServer } = await import(${JSON.stringify(href)});
    createServer().unref().listen(0, '127.0.0.1', () => console.log('listening'));`;
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
  t.is(stdout, 'listening\n');
});

test('a server on a thread serves, and Node warns of nothing', async (t) => {
  const { href } = new URL('../../src/index.ts', import.meta.url);
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
    process.on('warning', ({ message }) => parentPort.postMessage(message));
    import(${JSON.stringify(href)}).then(({ createServer }) => {
      const server = createServer((request, response) => response.end('on a thread'));
      server.listen(0, '127.0.0.1', async () => {
        const { port } = server.address();
        const headers = { connection: 'close' };
        parentPort.postMessage(await (await fetch('http://127.0.0.1:' + port, { headers })).text());
        server.close();
      });
    });`,
    { eval: true },
  );
  const said: unknown[] = [];
  worker.on('message', (message) => said.push(message));
  await once(worker, 'exit');
  t.deepEqual(said, ['on a thread']);
});
