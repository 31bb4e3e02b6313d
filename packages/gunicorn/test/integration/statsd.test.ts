import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { beforePython, eventually, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const APP = `export default (req, res) => { res.statusCode = req.url === '/no' ? 404 : 200; res.end('x'); };`;
const WSGI = `def application(environ, start_response):
    start_response('404 Not Found' if environ['PATH_INFO'] == '/no' else '200 OK', [('Content-Length', '1')])
    return [b'x']
`;

interface Receiver {
  readonly port: number;
  readonly texts: string[];
}

async function receiver(t: ExecutionContext): Promise<Receiver> {
  const socket: Socket = createSocket('udp4');
  const texts: string[] = [];
  socket.on('message', (bytes) => texts.push(bytes.toString('latin1')));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  return { port: socket.address().port, texts };
}

/** With the one number that differs by its nature. */
function shapes(texts: readonly string[]): string[] {
  return texts.map((text) => text.replace(/(duration:)\d+\.\d+\|/, '$1N|'));
}

function ofRequests(texts: readonly string[]): string[] {
  return shapes(texts).filter((text) => text.includes('gunicorn.request'));
}

const FLAGS = ['--statsd-prefix', 'shop..', '--dogstatsd-tags', 'env:test,a:b', '--enable-backlog-metric'];

const made = beforePython(test);

test('the datagrams are those that Gunicorn sends, to the byte', async (t) => {
  const python = made();
  if (python.kind === 'missing') {
    t.log(`skipped: ${python.reason}`);
    t.pass();
    return;
  }
  const theirs = await receiver(t);
  const ours = await receiver(t);
  const server = await startServer(t, {
    app: APP,
    files: { 'wsgi.py': WSGI },
    args: ['--workers', '2', '--statsd-host', `127.0.0.1:${ours.port}`, ...FLAGS],
  });
  const gunicorn = spawn(
    python.python,
    [
      '-m',
      'gunicorn',
      '-w',
      '2',
      '-b',
      'unix:theirs.sock',
      '--no-control-socket',
      '--statsd-host',
      `127.0.0.1:${theirs.port}`,
      ...FLAGS,
      'wsgi',
    ],
    { cwd: server.folder.path, stdio: 'ignore' },
  );
  t.teardown(() => gunicorn.kill('SIGKILL'));
  await eventually(() => server.folder.has('theirs.sock'));
  const sock = server.folder.file('theirs.sock');
  await eventually(() =>
    request(`unix:${sock}:/`).then(
      () => true,
      () => false,
    ),
  );
  await eventually(() => ofRequests(theirs.texts).length >= 3);
  for (const { texts } of [ours, theirs]) texts.splice(0);
  for (const path of ['/', '/no']) {
    await request(`unix:${sock}:${path}`);
    await eventually(() => theirs.texts.some((text) => text.includes(path === '/no' ? '.404' : '.200')));
    await request(`${server.url}${path}`);
    await eventually(() => ours.texts.some((text) => text.includes(path === '/no' ? '.404' : '.200')));
  }
  t.deepEqual(ofRequests(ours.texts), ofRequests(theirs.texts));
  t.is(ofRequests(ours.texts)[0], 'shop.gunicorn.request.duration:N|ms|#env:test,a:b');
  // One that was taken in the moment of a request may count it.
  await eventually(() => ours.texts.includes('shop.gunicorn.backlog:0|h|#env:test,a:b'));
  t.pass();
});

test('the number of workers is sent, and sums once a second where those are wanted', async (t) => {
  const { port, texts } = await receiver(t);
  const server = await startServer(t, {
    app: APP,
    args: ['--workers', '2', '--statsd-host', `127.0.0.1:${port}`, '--statsd-mode', 'summary'],
  });
  await eventually(() => texts.includes('gunicorn.workers:2|g'));
  for (let count = 0; count < 5; count++) await request(server.url);
  const sent = (): number =>
    texts.reduce((sum, text) => sum + Number(/^gunicorn\.requests:(\d+)\|c$/.exec(text)?.[1] ?? 0), 0);
  await eventually(() => sent() >= 6);
  t.is(sent(), 6);
  t.false(texts.some((text) => text.endsWith('|@1.0')));
});

for (const host of ['no-such-host.invalid', 'unix:///no/such/socket', '127.0.0.1:9']) {
  test(`nobody at ${host} keeps no request`, async (t) => {
    const server = await startServer(t, { app: APP, args: ['--statsd-host', host] });
    for (let count = 0; count < 50; count++) t.is((await request(server.url)).status, 200);
    t.true(server.matching(/statsdHost: nothing is sent/).length <= 2);
    t.is((await server.stop()).code, 0);
  });
}
