import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { Agent, type AgentOptions } from 'node:https';
import { join } from 'node:path';
import {
  Folder,
  makeCertificate,
  makeClientCertificate,
  request,
  type Server,
  startServer,
} from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { WebSocket } from 'ws';
import { pythonTest, serveAsgi } from './serve.ts';

const SUBJECT = '/C=DE/O=Shop, Inc./CN=alice';
const NAME = 'CN=alice,O=Shop\\, Inc.,C=DE';
const TLS_12 = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305' } as const;

interface Parties {
  readonly args: readonly string[];
  readonly pem: string;
  readonly ca: Pick<AgentOptions, 'ca'>;
  readonly alice: Pick<AgentOptions, 'ca' | 'cert' | 'key'>;
}

/** A server that asks for certificates and does without, and a client that has one. */
function parties(t: ExecutionContext): Parties {
  const folder = new Folder({});
  t.teardown(() => folder.remove());
  const { certfile, keyfile, pem } = makeCertificate(folder);
  const client = makeClientCertificate(folder, SUBJECT);
  const args = [
    '--certfile',
    certfile,
    '--keyfile',
    keyfile,
    '--ca-certs',
    client.cafile,
    '--cert-reqs',
    '1',
  ];
  const alice = { ca: pem, cert: client.pem, key: readFileSync(client.keyfile, 'utf8') };
  return { args, pem, ca: { ca: pem }, alice };
}

interface Tls extends Record<string, unknown> {
  readonly client_cert_chain: readonly string[];
}

async function tlsOf(server: Server, options: AgentOptions): Promise<Tls> {
  const agent = new Agent(options);
  const { text } = await request(`${server.url}/`, { agent });
  agent.destroy();
  return (JSON.parse(text) as { extensions: { tls: Tls } }).extensions.tls;
}

function isPem(text: string): boolean {
  return /^-----BEGIN CERTIFICATE-----\n[^]+\n-----END CERTIFICATE-----\n$/.test(text);
}

/** What both languages tell an application of its clients. */
async function tellsWhoAsks(t: ExecutionContext, server: Server, { pem, ca, alice }: Parties): Promise<void> {
  const anonymous = await tlsOf(server, ca);
  t.deepEqual(anonymous, {
    server_cert: pem,
    client_cert_chain: [],
    client_cert_name: null,
    client_cert_error: null,
    tls_version: 0x0304,
    cipher_suite: 0x1302,
  });
  const shown = await tlsOf(server, alice);
  t.is(shown['client_cert_name'], NAME);
  t.deepEqual(shown.client_cert_chain, [alice.cert as string]);
  t.true(shown.client_cert_chain.every(isPem));
  t.is(shown['client_cert_error'], null);
  const older = await tlsOf(server, { ...alice, ...TLS_12 });
  t.deepEqual(
    [older['tls_version'], older['cipher_suite'], older['client_cert_name']],
    [0x0303, 0xcca9, NAME],
  );
  t.deepEqual(await tlsOf(server, ca), anonymous);
}

pythonTest(
  'over TLS the schemes are https and wss, a file goes through it, and the scope says who asks',
  async (t) => {
    const all = parties(t);
    const server = await serveAsgi(t, [...all.args, '--http-protocols', 'h2,h1']);
    const { text } = await request(server.url, { ca: all.pem });
    t.is((JSON.parse(text) as { scheme: string }).scheme, 'https');
    const large = 'through TLS '.repeat(50_000);
    writeFileSync(join(server.folder.path, 'large.txt'), large);
    t.true((await request(`${server.url}/file?large.txt`, { ca: all.pem })).text === large);
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws_show`, ['one', 'two'], all.alice);
    t.teardown(() => socket.terminate());
    const [shown] = (await once(socket, 'message')) as [Buffer];
    const scope = JSON.parse(shown.toString()) as { scheme: string; extensions: { tls: Tls } };
    t.is(scope.scheme, 'wss');
    t.is(scope.extensions.tls['client_cert_name'], NAME);
    await tellsWhoAsks(t, server, all);
    const session = connectHttp2(server.url, all.alice);
    t.teardown(() => session.destroy());
    const stream = session.request({ ':path': '/' });
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    const overHttp2 = JSON.parse(String(Buffer.concat(parts))) as typeof scope & { http_version: string };
    t.is(overHttp2.http_version, '2');
    t.is(overHttp2.extensions.tls['client_cert_name'], NAME);
  },
);

const APPLICATION = `export default async (scope, receive, send) => {
  if (scope.type !== 'http') throw new Error('only http');
  await send({ type: 'http.response.start', status: 200 });
  await send({ type: 'http.response.body', body: new TextEncoder().encode(JSON.stringify(scope)) });
};
`;

test('an ASGI application in TypeScript is told who asks over TLS', async (t) => {
  const all = parties(t);
  const server = await startServer(t, { app: APPLICATION, args: ['-k', 'event', ...all.args] });
  await tellsWhoAsks(t, server, all);
});

test('without TLS no scope speaks of it, whatever a proxy says', async (t) => {
  const server = await startServer(t, { app: APPLICATION, args: ['-k', 'event'] });
  const { text } = await request(server.url, { headers: { 'X-Forwarded-Proto': 'https' } });
  const scope = JSON.parse(text) as { scheme: string; extensions: object };
  t.is(scope.scheme, 'https');
  t.false('tls' in scope.extensions);
});
