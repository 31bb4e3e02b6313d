import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { Folder, makeCertificate, rawClient, request, type Server, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

const APPLICATIONS = {
  node: `export default (request, response) => {
    const { encrypted, authorized, remoteAddress } = request.socket;
    response.end(['https', encrypted, authorized, remoteAddress].join(' '));
  };`,
  fetch: `export default { fetch: (request) => new Response(new URL(request.url).protocol.slice(0, -1)) };`,
  wsgi: `export default (environ, startResponse) => {
    startResponse('200 OK', []);
    return [Buffer.from(environ['wsgi.url_scheme'] + ' ' + environ['REMOTE_ADDR'])];
  };`,
} as const;

interface Secured {
  readonly server: Server;
  readonly pem: string;
}

async function startSecured(
  t: ExecutionContext,
  kind: keyof typeof APPLICATIONS,
  options: { args?: readonly string[]; app?: string } = {},
): Promise<Secured> {
  const folder = new Folder({});
  t.teardown(() => folder.remove());
  const { certfile, keyfile, pem } = makeCertificate(folder);
  const given = options.args ?? [];
  const server = await startServer(t, {
    app: options.app ?? APPLICATIONS[kind],
    args: ['-k', 'sync', '--application-kind', kind, '--certfile', certfile, '--keyfile', keyfile, ...given],
    until: 'listening',
  });
  return { server, pem };
}

for (const [kind, expected] of [
  ['node', /^https true false 127\.0\.0\.1$/],
  ['fetch', /^https$/],
  ['wsgi', /^https 127\.0\.0\.1$/],
] as const) {
  test(`an application of kind ${kind} is served over TLS, and knows it`, async (t) => {
    const { server, pem } = await startSecured(t, kind);
    const { status, text } = await request(server.url, { ca: pem });
    t.is(status, 200);
    t.regex(text, expected);
  });
}

test('a large body goes both ways', async (t) => {
  const app = `export default (environ, startResponse) => {
    startResponse('200 OK', []);
    return [environ['wsgi.input'].read()];
  };`;
  const { server, pem } = await startSecured(t, 'wsgi', { app });
  const body = 'x'.repeat(3_000_000);
  const { text } = await request(server.url, { ca: pem, method: 'POST', body });
  t.is(text.length, body.length);
});

test('clients that do not shake hands do not hold up others', async (t) => {
  const { server, pem } = await startSecured(t, 'wsgi');
  const silent = Array.from({ length: 50 }, () => rawClient(t, connectPlain(server.port, '127.0.0.1')));
  for (const client of silent.slice(25)) client.send('\x16\x03');
  for (let times = 0; times < 5; times++) {
    t.is((await request(server.url, { ca: pem })).status, 200);
  }
});

test('the PROXY protocol in front of the handshake names the client', async (t) => {
  const { server, pem } = await startSecured(t, 'wsgi', { args: ['--proxy-protocol'] });
  const plain = connectPlain(server.port, '127.0.0.1');
  plain.write('PROXY TCP4 203.0.113.7 127.0.0.1 4000 443\r\n');
  const client = rawClient(t, connect({ socket: plain, ca: pem, servername: 'localhost' }));
  t.regex(await client.send(GET).closes(), /https 203\.0\.113\.7$/);
});

test('requests that wait are answered when the server stops', async (t) => {
  const app = `export default async (environ, startResponse) => {
    console.log('in hand');
    await new Promise((resolve) => setTimeout(resolve, 300));
    startResponse('200 OK', []);
    return [Buffer.from('late')];
  };`;
  const { server, pem } = await startSecured(t, 'wsgi', { app });
  const answers = [1, 2, 3].map(() => request(server.url, { ca: pem }));
  await server.waitFor('in hand');
  server.signal('SIGTERM');
  t.deepEqual(
    (await Promise.all(answers)).map(({ text }) => text),
    ['late', 'late', 'late'],
  );
});
