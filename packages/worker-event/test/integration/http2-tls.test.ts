import { connect as connectHttp2, type SecureClientSessionOptions } from 'node:http2';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { type Certificate, makeCertificate } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { ask, type Http2Answer } from '../../../http-server/test/http2-client.ts';
import { rawClient, startWorker } from './running-worker.ts';

const folder = mkdtempSync(join(tmpdir(), 'gunicorn-h2-'));
test.after.always(() => rmSync(folder, { recursive: true }));

const make = (name: string): { key: string; cert: string } => {
  const made: Certificate = makeCertificate({ file: (file) => join(folder, file) }, name);
  return { key: readFileSync(made.keyfile, 'utf8'), cert: made.pem };
};
const server = make('localhost');
const known = make('known-client');

const BOTH = ['h2', 'http/1.1'] as const;
const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

const handler = (request: any, response: any): void => {
  const { authorized } = request.socket as TLSSocket;
  const name: string = request.socket.getPeerCertificate().subject?.CN ?? 'nobody';
  response.end(`[${request.httpVersion} ${request.socket.encrypted} ${authorized} ${name}]`);
};

async function askSecurely(
  t: ExecutionContext,
  port: number,
  options: SecureClientSessionOptions = {},
): Promise<Http2Answer> {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: server.cert, ...options });
  t.teardown(() => session.destroy());
  return ask(session, { ':path': '/' });
}

test('a client that asks for h2 in the handshake gets it, and others HTTP/1.1', async (t) => {
  const settings = { httpProtocols: BOTH };
  const { port } = await startWorker(t, { kind: 'node', handler }, { tls: server, settings });
  t.is((await askSecurely(t, port)).body, '[2.0 true false nobody]');
  for (const ALPNProtocols of [['http/1.1'], []]) {
    const socket = connect({ port, host: '127.0.0.1', ca: server.cert, ALPNProtocols });
    await rawClient(t, socket).send(GET).receives('[1.1 true false nobody]');
  }
});

test('the preferred protocol is taken where a client knows both', async (t) => {
  const settings = { httpProtocols: ['http/1.1', 'h2'] as const };
  const { port } = await startWorker(t, { kind: 'node', handler }, { tls: server, settings });
  const socket = connect({ port, host: '127.0.0.1', ca: server.cert, ALPNProtocols: ['h2', 'http/1.1'] });
  await rawClient(t, socket).send(GET).receives('[1.1 ');
  t.is(socket.alpnProtocol, 'http/1.1');
});

test('where only h2 is served, HTTP/1 is refused', async (t) => {
  const settings = { httpProtocols: ['h2'] as const };
  const { port } = await startWorker(t, { kind: 'node', handler }, { tls: server, settings });
  t.is((await askSecurely(t, port)).status, 200);
  const silent = connect({ port, host: '127.0.0.1', ca: server.cert });
  t.regex(await rawClient(t, silent).send(GET).closes(), /^HTTP\/1\.1 505 /);
  const insisting = connect({ port, host: '127.0.0.1', ca: server.cert, ALPNProtocols: ['http/1.1'] });
  const client = rawClient(t, insisting);
  await client.closes();
  t.regex(String(client.error), /no application protocol/i);
});

test('a client certificate is known to each stream, and one that is missing is refused', async (t) => {
  const settings = { httpProtocols: BOTH, certReqs: 2 as const };
  const tls = { ...server, ca: known.cert };
  const { port } = await startWorker(t, { kind: 'node', handler }, { tls, settings });
  t.is((await askSecurely(t, port, known)).body, '[2.0 true true known-client]');
  t.is((await askSecurely(t, port)).status, 0);
});

test('an application of kind fetch sees https over HTTP/2', async (t) => {
  const { port } = await startWorker(
    t,
    { kind: 'fetch', handler: (request) => new Response(request.url) },
    { tls: server, settings: { httpProtocols: BOTH } },
  );
  t.is((await askSecurely(t, port)).body, `https://127.0.0.1:${port}/`);
});

test('connections by TLS are drained as those without', async (t) => {
  const settings = { httpProtocols: BOTH, keepalive: 60 };
  const { port, worker } = await startWorker(t, { kind: 'node', handler }, { tls: server, settings });
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: server.cert });
  const errors: Error[] = [];
  session.on('error', (error) => errors.push(error));
  t.is((await ask(session, {})).status, 200);
  await worker.drain(20_000);
  t.true(session.closed);
  t.deepEqual(errors, []);
});
