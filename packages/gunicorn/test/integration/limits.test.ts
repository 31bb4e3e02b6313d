import { once } from 'node:events';
import { rawClient, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { saying } from './apps.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

for (const worker of ['sync', 'event']) {
  test(`${worker}: headersTimeout ends a connection whose head does not come`, async (t) => {
    const args = ['-k', worker, '--headers-timeout', '0.5'];
    const server = await startServer(t, { app: saying('ok'), args });
    const half = rawClient(t, server.port).send('GET / HTTP/1.1\r\nHo');
    t.regex(await half.closes(), /^HTTP\/1\.1 408 /);
  });

  test(`${worker}: requestTimeout answers 504, aborts the signal of the application, and is logged`, async (t) => {
    const server = await startServer(t, {
      app: `export default { fetch: (request) => new URL(request.url).pathname === '/'
        ? new Response(String(process.pid))
        : new Promise(() => {
            request.signal.addEventListener('abort', () => console.error('aborted'));
          }) };`,
      args: ['-k', worker, '--request-timeout', '0.5'],
    });
    const { text } = await request(server.url);
    t.is((await request(`${server.url}/never`)).status, 504);
    await server.waitFor(/Request timed out after 0\.\d s: GET \/never/);
    await server.waitFor('aborted');
    t.is((await request(server.url)).text, text, 'the worker is the same one');
  });
}

test('keepalive 0 closes the connection after each response', async (t) => {
  const server = await startServer(t, { app: saying('ok'), args: ['-k', 'event', '--keep-alive', '0'] });
  const client = rawClient(t, server.port).send(GET);
  t.regex(await client.closes(), /\r\nConnection: close\r\n[^]*ok/i);
});

test('keepalive keeps an idle connection for that long', async (t) => {
  const server = await startServer(t, { app: saying('ok'), args: ['-k', 'event', '--keep-alive', '1'] });
  const idle = rawClient(t, server.port).send(GET);
  await idle.receives('ok');
  const answered = performance.now();
  t.regex(await idle.closes(), /\r\nKeep-Alive: timeout=1\r\n/i);
  // Node closes a second later than it told the client, so that the client is never the one who is late.
  t.true(performance.now() - answered >= 900);
});

test('workerConnections leaves what is more in the queue of the kernel', async (t) => {
  const server = await startServer(t, {
    app: saying('ok'),
    args: ['-k', 'event', '--worker-connections', '1', '--keep-alive', '60'],
  });
  const holder = rawClient(t, server.port).send(GET);
  await holder.receives('ok');
  const waiting = rawClient(t, server.port).send(GET);
  await once(waiting.socket, 'connect');
  // The worker still answers on what it holds, and has not taken more.
  await holder.send(GET).receives('ok', 2);
  t.is(waiting.received, '');
  holder.socket.destroy();
  await waiting.receives('ok');
});

const SCHEME = 'export default { fetch: (request) => new Response(new URL(request.url).protocol) };';

for (const [title, args, env, scheme] of [
  ['by default', [], {}, 'https:'],
  ['when a flag names other peers', ['--forwarded-allow-ips', '10.0.0.0/8'], {}, 'http:'],
  ['when the environment names other peers', [], { FORWARDED_ALLOW_IPS: '10.0.0.1' }, 'http:'],
  ['when everybody is believed', ['--forwarded-allow-ips', '*'], {}, 'https:'],
] as const) {
  test(`X-Forwarded-Proto of the loopback makes the scheme ${scheme} ${title}`, async (t) => {
    const server = await startServer(t, { app: SCHEME, args, env });
    t.is((await request(server.url, { headers: { 'X-Forwarded-Proto': 'https' } })).text, scheme);
  });
}
