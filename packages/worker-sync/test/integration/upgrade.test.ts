import { rawClient, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const UPGRADE = 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

test('an upgrade that the application listens for is refused, and the log says what to use', async (t) => {
  const app = `import { createServer } from 'node:http';
  const server = createServer((request, response) => response.end('plain'));
  server.on('upgrade', (request, socket) => socket.end('HTTP/1.1 101 Switching Protocols\\r\\n\\r\\n'));
  export default server;`;
  const server = await startServer(t, { app, args: ['-k', 'sync', '--access-logfile', '-'] });
  await server.waitFor(/WARNING.*listens for upgrades.*--worker-class event/);
  t.regex(await rawClient(t, server.port).send(UPGRADE).closes(), /^HTTP\/1\.1 501 [^]*no upgrades/);
  t.is((await request(server.url)).text, 'plain');
  await server.waitFor(/"GET \/chat HTTP\/1\.1" 501 /);
  t.is(server.matching(/listens for upgrades/).length, 1);
});

test('an upgrade that nobody listens for is served as any other request', async (t) => {
  const app = `export default (request, response) => response.end('plain');`;
  const server = await startServer(t, { app, args: ['-k', 'sync'] });
  t.regex(await rawClient(t, server.port).send(UPGRADE).closes(), /^HTTP\/1\.1 200 [^]*plain/);
  t.is(server.matching(/listens for upgrades/).length, 0);
});

for (const name of ['gthread', 'gevent']) {
  test(`${name} means the event worker, and the log says so`, async (t) => {
    const app = `export default (request, response) => response.end('plain');`;
    const server = await startServer(t, { app, args: ['-k', name] });
    await server.waitFor(`Using worker: event (workerClass: ${name})`);
    t.is((await request(server.url)).text, 'plain');
  });
}
