import { randomBytes } from 'node:crypto';
import { rawClient, request } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { get, portOf, pythonTest, serveAsgi } from './serve.ts';

interface Scope {
  [name: string]: unknown;
  headers: [string, string][];
}

async function scopeOf(t: ExecutionContext, port: number, head: string): Promise<Scope> {
  const client = rawClient(t, port).send(head);
  const text = await client.receives('"extensions"');
  client.socket.destroy();
  return JSON.parse(text.slice(text.indexOf('{'))) as Scope;
}

pythonTest('a scope has all that the specification names, as the client sent it', async (t) => {
  const server = await serveAsgi(t);
  const port = portOf(server);
  const scope = await scopeOf(t, port, get('/a%20b?x=%31', 'X-Twice: 1', 'x-twice: 2', 'Cookie: a=1'));
  const { client, ...rest } = scope as Scope & { client: [string, number] };
  t.is(client[0], '127.0.0.1');
  t.is(typeof client[1], 'number');
  t.deepEqual(rest, {
    type: 'http',
    asgi: { version: '3.0', spec_version: '2.3' },
    http_version: '1.1',
    server: ['127.0.0.1', port],
    scheme: 'http',
    method: 'GET',
    root_path: '',
    path: '/a b',
    raw_path: '/a%20b',
    query_string: 'x=%31',
    headers: [
      ['host', 'x'],
      ['x-twice', '1'],
      ['x-twice', '2'],
      ['cookie', 'a=1'],
    ],
    state: { list: [], name: 'shared' },
    extensions: {
      'http.response.early_hint': {},
      'http.response.pathsend': {},
      'http.response.trailers': {},
    },
  });
});

pythonTest('a path that is not UTF-8 has U+FFFD in its place, and %00 is a character as any', async (t) => {
  const port = portOf(await serveAsgi(t));
  t.is((await scopeOf(t, port, get('/%c0')))['path'], '/\ufffd');
  t.is((await scopeOf(t, port, get('/%E2%82%AC')))['path'], '/€');
  t.is((await scopeOf(t, port, get('/a%00')))['path'], '/a\0');
  const absolute = await scopeOf(t, port, get('http://host/one%2Ftwo?q'));
  t.deepEqual(
    [absolute['path'], absolute['raw_path'], absolute['query_string']],
    ['/one/two', '/one%2Ftwo', 'q'],
  );
});

pythonTest('what an application writes into its scope is not there for the next request', async (t) => {
  const server = await serveAsgi(t);
  const client = rawClient(t, portOf(server)).send(get('/mutate'));
  await client.receives('[2, null, 0, 1]');
  client.send(get('/mutate'));
  t.regex(await client.receives('[2, null, 1, 1]'), /HTTP\/1\.1 200/);
});

pythonTest('a unix socket has a server without a port, and no client', async (t) => {
  const server = await serveAsgi(t, [], { bind: ['unix:app.sock'] });
  const scope = JSON.parse((await request(`${server.url}:/show`)).text) as Scope;
  t.is(scope['client'], null);
  t.deepEqual(scope['server'], [server.url.slice('unix:'.length), null]);
});

pythonTest('bodies of any size come whole, in pieces that are bounded', async (t) => {
  const server = await serveAsgi(t);
  const body = randomBytes(10 * 2 ** 20);
  for (const size of [0, 1, 65_536, body.length]) {
    const sent = body.subarray(0, size);
    const { body: echoed, headers } = await request(`${server.url}/echo`, { method: 'POST', body: sent });
    t.true(echoed.equals(sent), `${size} bytes`);
    t.is(headers['x-end'], 'whole');
  }
  const chunked = { 'Transfer-Encoding': 'chunked' };
  const { text } = await request(`${server.url}/sizes`, { method: 'POST', body, headers: chunked });
  const [length, largest, end] = JSON.parse(text) as [number, number, string];
  t.deepEqual([length, end], [body.length, 'whole']);
  t.true(largest <= 2 ** 18, String(largest));
});

pythonTest(
  'an answer before the body is complete, and the next request is not taken from the body',
  async (t) => {
    const server = await serveAsgi(t);
    const client = rawClient(t, portOf(server));
    client.send(`POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${'a'.repeat(1000)}`);
    await client.receives('early');
    client.send('a'.repeat(999_000)).send(get('/show'));
    const received = await client.receives('"raw_path": "/show"');
    t.is(received.split('HTTP/1.1 ').length, 3);
  },
);

pythonTest('100 Continue is sent when the application asks for the body, and only then', async (t) => {
  const port = portOf(await serveAsgi(t));
  const head = (path: string, version = '1.1'): string =>
    `POST ${path} HTTP/${version}\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n`;
  const waiting = rawClient(t, port).send(head('/echo'));
  await waiting.receives('HTTP/1.1 100 Continue\r\n\r\n');
  t.regex(await waiting.send('body').receives('\r\n\r\nbody'), /^HTTP\/1\.1 100 .*HTTP\/1\.1 200 /s);
  const unread = rawClient(t, port).send(head('/early'));
  t.regex(await unread.closes(), /^HTTP\/1\.1 200 .*Connection: close/s);
  const unasked = rawClient(t, port).send(`${head('/slow')}body`);
  t.regex(await unasked.receives('slow'), /^HTTP\/1\.1 200 /);
  const old = rawClient(t, port).send(`${head('/echo', '1.0')}body`);
  t.regex(await old.closes(), /^HTTP\/1\.1 200 /);
});

pythonTest('behind the body, receive waits for the end of the response, and says so for ever', async (t) => {
  const server = await serveAsgi(t);
  t.is((await request(`${server.url}/after_body`, { method: 'POST', body: 'x' })).text, 'done');
  t.deepEqual(JSON.parse((await request(`${server.url}/told`)).text), [
    'waits',
    'http.disconnect',
    'http.disconnect',
  ]);
});

pythonTest('an application hears at once that its client has left', async (t) => {
  const server = await serveAsgi(t);
  const client = rawClient(t, portOf(server)).send(get('/until_gone'));
  const other = rawClient(t, portOf(server)).send(get('/slow'));
  await other.receives('slow');
  client.socket.destroy();
  await server.waitFor(/gone: http\.disconnect True/);
  t.is((await request(`${server.url}/early`)).text, 'early');
});

pythonTest('requests on one connection are answered in their order', async (t) => {
  const server = await serveAsgi(t);
  const client = rawClient(t, portOf(server));
  client.send(`${get('/slow')}${get('/early')}GET / HTTP/1.1\r\nBad Header: 1\r\n\r\n`);
  t.regex(
    await client.closes(),
    /^HTTP\/1\.1 200 .*\r\n\r\nslowHTTP\/1\.1 200 .*\r\n\r\nearlyHTTP\/1\.1 400 /s,
  );
});

pythonTest('a thousand requests wait in one process at the same time', async (t) => {
  const server = await serveAsgi(t, ['--worker-connections', '1100']);
  const before = Number((await request(`${server.url}/descriptors`)).text);
  const clients = Array.from({ length: 1000 }, () => rawClient(t, portOf(server)));
  for (const client of clients) client.send(get('/slow'));
  for (const client of clients) await client.receives('slow');
  t.true(Number((await request(`${server.url}/descriptors`)).text) <= before + 1);
});

pythonTest("a trusted proxy names scheme and client, as uvicorn's worker has it", async (t) => {
  const named = ['X-Forwarded-Proto: https', 'X-Forwarded-For: 203.0.113.9, 127.0.0.1'];
  for (const [name, trusted, found] of [
    ['asgi', '127.0.0.1', ['https', '127.0.0.1']],
    ['uvicorn.workers.UvicornWorker', '127.0.0.1', ['https', '203.0.113.9']],
    ['uvicorn_worker.UvicornH11Worker', '192.0.2.1', ['http', '127.0.0.1']],
  ] as const) {
    const server = await serveAsgi(t, ['-k', name, '--forwarded-allow-ips', trusted]);
    const scope = await scopeOf(t, portOf(server), get('/show', ...named));
    const [host, port] = scope['client'] as [string, number];
    t.deepEqual([scope['scheme'], host], found, name);
    t.is(port === 0, host === '203.0.113.9');
  }
});
