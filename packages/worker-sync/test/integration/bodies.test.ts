import { rawClient, request, startServer, type Server } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

/** More than the worker keeps in memory. */
const LARGE = 3_000_000;

const APPLICATION = `
import { openSync, fstatSync } from 'node:fs';
const PATHS = {
  '/echo': (environ, startResponse) => {
    startResponse('200 OK', []);
    return [environ['wsgi.input'].read()];
  },
  '/file': (environ, startResponse) => {
    const fd = openSync('large.txt', 'r');
    startResponse('200 OK', [['Content-Length', String(fstatSync(fd).size)]]);
    return environ['wsgi.file_wrapper']({ fd });
  },
  '/long': (environ, startResponse) => {
    startResponse('200 OK', [['Content-Length', '4']]);
    return [Buffer.from('abc'), Buffer.from('defgh')];
  },
  '/short': (environ, startResponse) => {
    startResponse('200 OK', [['Content-Length', '9']]);
    return [Buffer.from('abc')];
  },
  '/none': (environ, startResponse) => {
    startResponse('204 No Content', []);
    return [Buffer.from('abc')];
  },
  '/same': (environ, startResponse) => {
    startResponse('304 Not Modified', []);
    return [Buffer.from('abc')];
  },
  '/pieces': function* (environ, startResponse) {
    startResponse('200 OK', []);
    yield Buffer.from('one ');
    yield Buffer.from('two');
  },
};
export default (environ, startResponse) => (PATHS[environ['PATH_INFO']] ?? PATHS['/pieces'])(environ, startResponse);
`;

function start(t: ExecutionContext, files: Readonly<Record<string, string>> = {}): Promise<Server> {
  const args = ['-k', 'sync', '--application-kind', 'wsgi'];
  return startServer(t, { app: APPLICATION, args, files });
}

function head(method: string, path: string, ...fields: string[]): string {
  return [`${method} ${path} HTTP/1.1`, 'Host: a', ...fields, '', ''].join('\r\n');
}

test('a body that is too large for memory reaches the application whole', async (t) => {
  const server = await start(t);
  const body = Buffer.alloc(LARGE, 'abcdefghij');
  const { body: echoed } = await request(`${server.url}/echo`, { method: 'POST', body });
  t.true(body.equals(echoed));
});

test('a body in chunks, cut anywhere, reaches the application whole', async (t) => {
  const server = await start(t);
  const client = rawClient(t, server.port).send(head('POST', '/echo', 'Transfer-Encoding: chunked'));
  for (const piece of ['5\r', '\nhel', 'lo\r\n1', '\r\n!\r\n0\r\n', '\r\n']) {
    client.send(piece);
    t.is((await request(server.url)).text, 'one two');
  }
  t.regex(await client.closes(), /\r\n\r\nhello!$/);
});

test('a client that expects 100 gets it before it has sent its body', async (t) => {
  const server = await start(t);
  const fields = ['Content-Length: 2', 'Expect: 100-continue'];
  const client = rawClient(t, server.port).send(head('POST', '/echo', ...fields));
  await client.receives('HTTP/1.1 100 Continue\r\n\r\n');
  t.regex(await client.send('ok').closes(), /^HTTP\/1\.1 100 [^]*HTTP\/1\.1 200 [^]*\r\n\r\nok$/);
});

test('a file is sent as it lies on the disk', async (t) => {
  const server = await start(t, { 'large.txt': 'x'.repeat(LARGE) });
  const { text, headers } = await request(`${server.url}/file`);
  t.is(text, 'x'.repeat(LARGE));
  t.is(headers['content-length'], String(LARGE));
});

test('a body is cut to its Content-Length', async (t) => {
  const server = await start(t);
  t.regex(await rawClient(t, server.port).send(head('GET', '/long')).closes(), /\r\n\r\nabcd$/);
});

test('a body that is shorter than its Content-Length is logged, and the client can tell', async (t) => {
  const server = await start(t);
  await t.throwsAsync(request(`${server.url}/short`));
  await server.waitFor(/Error handling request GET \/short/);
  await server.waitFor(/6 bytes shorter/);
});

for (const [method, path, status] of [
  ['HEAD', '/pieces', 200],
  ['GET', '/none', 204],
  ['GET', '/same', 304],
] as const) {
  test(`${method} with status ${status} has no body`, async (t) => {
    const server = await start(t);
    const answer = await rawClient(t, server.port).send(head(method, path)).closes();
    t.regex(answer, new RegExp(`^HTTP/1\\.1 ${status} [^]*\\r\\n\\r\\n$`));
  });
}

test('a response of unknown length goes in chunks, or to the end of the connection for HTTP/1.0', async (t) => {
  const server = await start(t);
  t.regex(
    await rawClient(t, server.port).send(head('GET', '/pieces')).closes(),
    /Transfer-Encoding: chunked[^]*\r\n\r\n4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n$/i,
  );
  t.regex(await rawClient(t, server.port).send('GET /pieces HTTP/1.0\r\n\r\n').closes(), /\r\n\r\none two$/);
});

test('bytes that come behind the request while it is served do not cost the client its response', async (t) => {
  const app = `
  import { existsSync } from 'node:fs';
  export default (environ, startResponse) => {
    if (environ['PATH_INFO'] === '/busy') console.error('busy');
    while (environ['PATH_INFO'] === '/busy' && !existsSync('go'));
    startResponse('200 OK', []);
    return [Buffer.from('done')];
  };`;
  const server = await startServer(t, { app, args: ['-k', 'sync', '--application-kind', 'wsgi'] });
  const client = rawClient(t, server.port).send(head('GET', '/busy'));
  await server.waitFor('busy');
  client.send(head('GET', '/more'));
  await new Promise((sent) => client.socket.write('', sent));
  server.folder.write('go', '');
  t.regex(await client.closes(), /^HTTP\/1\.1 200 [^]*\r\n\r\ndone$/);
});
