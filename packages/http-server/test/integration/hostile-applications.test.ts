import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { rawClient } from '@gunicorn-ts/test-kit';
import { engineServer, listening, TRANSPORTS } from '../makers.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
const program = fileURLToPath(new URL('../throwing-application.ts', import.meta.url));

/** Where an application can throw, each named in the path of a request. */
const PLACES = ['listener', 'data', 'end', 'finish', 'close', 'callback', 'drain', 'upgrade', 'connection'];

for (const transport of TRANSPORTS) {
  test(`${transport}: what an application throws anywhere is an uncaught exception, and costs nobody else anything`, async (t) => {
    const server = fork(program, [transport], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    t.teardown(() => server.kill('SIGKILL'));
    const [port] = (await once(server, 'message')) as [number];
    const caught: string[] = [];
    server.on('message', (message: string) => caught.push(message));
    for (const place of PLACES) {
      const others = place === 'connection' ? [] : Array.from({ length: 3 }, () => rawClient(t, port));
      const told = once(server, 'message');
      const upgrade = place === 'upgrade' ? 'Connection: upgrade\r\nUpgrade: x\r\n' : '';
      const thrower = rawClient(t, port);
      thrower.send(`POST /${place} HTTP/1.1\r\nHost: x\r\n${upgrade}Content-Length: 5\r\n\r\nhello`);
      if (place === 'connection') {
        await thrower.receives('ok');
        others.push(rawClient(t, port));
      }
      await told;
      for (const other of others) t.regex(await other.send(GET).closes(), /ok$/);
      thrower.socket.destroy();
    }
    t.deepEqual(caught, PLACES);
  });

  test(`${transport}: a request that came with its connection, and whose listener threw, may still be left`, async (t) => {
    const server = fork(program, [transport], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    t.teardown(() => server.kill('SIGKILL'));
    const said = (wanted: unknown): Promise<void> =>
      new Promise((resolve) => server.on('message', (word) => word === wanted && resolve()));
    const [port] = (await once(server, 'message')) as [number];
    const [busy, threw, left] = [said('busy'), said('leaving'), said('left')];
    rawClient(t, port).send(GET.replace('/', '/busy'));
    await busy;
    // It arrives whole while the server is busy, and is there when the connection is taken.
    const client = rawClient(t, port).send(GET.replace('/', '/leaving'));
    await threw;
    client.socket.destroy();
    await left;
    t.pass();
  });

  test(`${transport}: requests that are served in one turn of the loop do not see what each other set`, async (t) => {
    const { AsyncLocalStorage } = await import('node:async_hooks');
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const server = engineServer(transport)({}, (request, response) => {
      seen.push(storage.getStore());
      storage.enterWith(request.url!);
      setImmediate(() => response.end(storage.getStore()));
    });
    const port = await listening(t, server);
    const clients = Array.from({ length: 10 }, () => rawClient(t, port));
    await Promise.all(clients.map(({ socket }) => once(socket, 'connect')));
    for (const [index, client] of clients.entries()) {
      client.send(`GET /${index}a HTTP/1.1\r\nHost: x\r\n\r\n${GET.replace('/', `/${index}b`)}`);
    }
    for (const [index, client] of clients.entries()) {
      const received = await client.closes();
      t.true(received.includes(`/${index}a`) && received.endsWith(`/${index}b`), received);
    }
    t.deepEqual(new Set(seen), new Set([undefined]));
  });
}
