import { readFileSync } from 'node:fs';
import { connect, type ConnectionOptions } from 'node:tls';
import { Folder, makeCertificate, rawClient, startServer, type Server } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { saying } from './apps.ts';

const folder = new Folder({});
const own = makeCertificate(folder);
const friend = makeCertificate(folder, 'friend');
const stranger = makeCertificate(folder, 'stranger');
const TLS = ['--certfile', own.certfile, '--keyfile', own.keyfile];
test.after.always(() => folder.remove());

const pair = ({ certfile, keyfile }: typeof own): ConnectionOptions => ({
  cert: readFileSync(certfile),
  key: readFileSync(keyfile),
});

interface Answer {
  /** Empty when the server hung up. */
  readonly text: string;
  /** The cipher that both agreed on. */
  readonly cipher: string;
}

async function ask(t: ExecutionContext, server: Server, options: ConnectionOptions = {}): Promise<Answer> {
  const socket = connect({ port: server.port, host: '127.0.0.1', ca: own.pem, ...options });
  const client = rawClient(t, socket);
  let cipher = '';
  socket.on('secureConnect', () => {
    cipher = socket.getCipher().name;
    client.send('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  });
  return { text: await client.closes(), cipher };
}

test('certfile and keyfile turn TLS on, and the log says https', async (t) => {
  const server = await startServer(t, { app: saying('secret'), args: TLS });
  t.true(server.url.startsWith('https://'));
  t.regex((await ask(t, server)).text, /^HTTP\/1\.1 200 [^]*secret$/);
});

for (const kind of ['sync', 'event']) {
  test(`${kind}: a certfile that holds the key too needs no keyfile`, async (t) => {
    const both = [own.keyfile, own.certfile].map((file) => readFileSync(file, 'utf8')).join('');
    const args = ['-k', kind, '--certfile', 'both.pem'];
    const server = await startServer(t, { app: saying('secret'), args, files: { 'both.pem': both } });
    t.regex((await ask(t, server)).text, /^HTTP\/1\.1 200 [^]*secret$/);
  });
}

test('ciphers limits what is negotiated', async (t) => {
  const only = 'ECDHE-ECDSA-AES256-GCM-SHA384';
  const server = await startServer(t, { app: saying('secret'), args: [...TLS, '--ciphers', only] });
  const offered = `ECDHE-ECDSA-AES128-GCM-SHA256:${only}`;
  t.is((await ask(t, server, { maxVersion: 'TLSv1.2', ciphers: offered })).cipher, only);
});

for (const kind of ['sync', 'event']) {
  test(`${kind}: tlsMinVersion and tlsMaxVersion are the versions that are spoken`, async (t) => {
    const newest = [...TLS, '-k', kind, '--tls-min-version', 'TLSv1.3'];
    const server = await startServer(t, { app: saying('secret'), args: newest });
    t.is((await ask(t, server, { maxVersion: 'TLSv1.2' })).text, '');
    t.regex((await ask(t, server)).text, /secret$/);
    const older = [...TLS, '-k', kind, '--tls-max-version', 'tlsv1.2'];
    const other = await startServer(t, { app: saying('secret'), args: older });
    t.is((await ask(t, other, { minVersion: 'TLSv1.3' })).text, '');
    t.regex((await ask(t, other)).text, /secret$/);
  });
}

test('a range of versions of TLS without any is refused', async (t) => {
  const args = [...TLS, '--tls-min-version', 'TLSv1.3', '--tls-max-version', 'TLSv1.2'];
  const server = await startServer(t, { app: saying('secret'), args, until: 'spawned' });
  t.is((await server.ended()).code, 1);
  t.regex(server.log(), /tlsMaxVersion is TLSv1\.2, older than the oldest that is spoken, TLSv1\.3/);
});

test('certReqs 2 serves only clients whose certificate caCerts has signed', async (t) => {
  const server = await startServer(t, {
    app: saying('secret'),
    args: [...TLS, '--ca-certs', friend.certfile, '--cert-reqs', '2'],
    until: 'listening',
  });
  t.regex((await ask(t, server, pair(friend))).text, /secret$/);
  t.is((await ask(t, server, pair(stranger))).text, '');
  t.is((await ask(t, server)).text, '');
});

test('certReqs 1 also serves clients that show no certificate', async (t) => {
  const server = await startServer(t, {
    app: saying('secret'),
    args: [...TLS, '--ca-certs', friend.certfile, '--cert-reqs', '1'],
  });
  t.regex((await ask(t, server, pair(friend))).text, /secret$/);
  t.is((await ask(t, server, pair(stranger))).text, '');
  t.regex((await ask(t, server)).text, /secret$/);
});
