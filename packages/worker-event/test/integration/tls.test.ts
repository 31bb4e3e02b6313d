import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { connect as connectPlain } from 'node:net';
import { makeCertificate } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { eventually, type RawClient, rawClient, startWorker } from './running-worker.ts';

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

const folder = mkdtempSync(join(tmpdir(), 'gunicorn-tls-'));
const make = (name: string): { key: string; cert: string } => {
  const { keyfile, pem } = makeCertificate({ file: (file) => join(folder, file) }, name);
  return { key: readFileSync(keyfile, 'utf8'), cert: pem };
};
const server = make('localhost');
const known = make('known-client');
const stranger = make('stranger');
test.after.always(() => rmSync(folder, { recursive: true }));

const handler = (request: { socket: unknown }, response: { end(text: string): unknown }): void => {
  const { authorized } = request.socket as TLSSocket;
  response.end(`[secret ${authorized}]`);
};

function client(
  t: ExecutionContext,
  port: number,
  options: ConnectionOptions = {},
): RawClient & { socket: TLSSocket } {
  const socket = connect({ port, host: '127.0.0.1', ca: server.cert, servername: 'localhost', ...options });
  return rawClient(t, socket) as RawClient & { socket: TLSSocket };
}

test('TLS connections are served and negotiate http/1.1', async (t) => {
  const { port } = await startWorker(t, { kind: 'node', handler }, { tls: server });
  const secure = client(t, port, { ALPNProtocols: ['h2', 'http/1.1'] }).send(GET);
  await secure.receives('[secret false]');
  t.is(secure.socket.alpnProtocol, 'http/1.1');
});

test('an application of kind fetch sees https', async (t) => {
  const { port } = await startWorker(
    t,
    { kind: 'fetch', handler: (request) => new Response(`[${request.url}]`) },
    { tls: server },
  );
  await client(t, port).send(GET).receives('[https://localhost/]');
  t.pass();
});

test('a required client certificate must be shown, and be signed', async (t) => {
  const { port } = await startWorker(
    t,
    { kind: 'node', handler },
    { tls: { ...server, ca: known.cert }, settings: { certReqs: 2 } },
  );
  await client(t, port, known).send(GET).receives('[secret true]');
  t.is(await client(t, port).send(GET).closes(), '');
  t.is(await client(t, port, stranger).send(GET).closes(), '');
});

test('an optional client certificate must be signed if it is shown', async (t) => {
  const { port } = await startWorker(
    t,
    { kind: 'node', handler },
    { tls: { ...server, ca: known.cert }, settings: { certReqs: 1 } },
  );
  await client(t, port, known).send(GET).receives('[secret true]');
  await client(t, port).send(GET).receives('[secret false]');
  t.is(await client(t, port, stranger).send(GET).closes(), '');
});

test('the sslContext hook changes the options', async (t) => {
  const { port } = await startWorker(
    t,
    { kind: 'node', handler },
    { tls: server, hooks: { sslContext: (_settings, options) => ({ ...options, maxVersion: 'TLSv1.2' }) } },
  );
  const secure = client(t, port).send(GET);
  await secure.receives('[secret');
  t.is(secure.socket.getProtocol(), 'TLSv1.2');
});

test('an sslContext hook that returns nothing, and a key that is none, are explained', async (t) => {
  const hooks = { sslContext: () => undefined } as never;
  await t.throwsAsync(startWorker(t, { kind: 'node', handler }, { tls: server, hooks }), {
    message: /sslContext hook returned undefined/,
  });
  await t.throwsAsync(startWorker(t, { kind: 'node', handler }, { tls: { ...server, key: 'no key' } }), {
    message: /certfile, keyfile, caCerts or ciphers cannot be used/,
  });
});

test('a client that speaks plain HTTP to a TLS port is closed', async (t) => {
  const { port, logged } = await startWorker(t, { kind: 'node', handler }, { tls: server });
  const plain = rawClient(t, connectPlain(port, '127.0.0.1')).send(GET);
  t.is(await plain.closes(), '');
  await eventually(() => logged.length === 1);
  t.is(logged[0]?.level, 'debug');
  t.regex(logged[0]?.message ?? '', /http request/i);
});

test('a handshake that is not finished is closed in time', async (t) => {
  const { port } = await startWorker(
    t,
    { kind: 'node', handler },
    { tls: server, settings: { headersTimeout: 0.3 } },
  );
  const silent = rawClient(t, connectPlain(port, '127.0.0.1'));
  t.is(await silent.closes(), '');
});

test('TLS connections are drained without a reset', async (t) => {
  const { port, worker } = await startWorker(
    t,
    { kind: 'node', handler },
    { tls: server, settings: { keepalive: 60 } },
  );
  const idle = client(t, port).send(GET);
  await idle.receives('[secret');
  const unused = client(t, port);
  await once(unused.socket, 'secureConnect');
  const handshaking = rawClient(t, connectPlain(port, '127.0.0.1'));
  await once(handshaking.socket, 'connect');
  const draining = worker.drain(20_000);
  idle.send(GET);
  await idle.receives('Connection: close');
  await draining;
  t.deepEqual([idle.error, unused.error, handshaking.error], [undefined, undefined, undefined]);
});
