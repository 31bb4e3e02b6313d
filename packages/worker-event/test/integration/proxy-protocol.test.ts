import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { Application } from '@gunicorn-ts/interface';
import { makeCertificate } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { eventually, rawClient, startWorker } from './running-worker.ts';

const LINE = 'PROXY TCP4 203.0.113.7 127.0.0.1 4000 80\r\n';
const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

const folder = mkdtempSync(join(tmpdir(), 'gunicorn-proxy-'));
const { keyfile, pem } = makeCertificate({ file: (file) => join(folder, file) }, 'localhost');
const tls = { key: readFileSync(keyfile, 'utf8'), cert: pem };
test.after.always(() => rmSync(folder, { recursive: true }));

const settings = { proxyProtocol: 'auto', forwardedAllowIps: ['127.0.0.1'] } as const;

const application: Application = {
  kind: 'node',
  handler(request, response): void {
    const { remoteAddress, remotePort } = request.socket;
    void (async () => {
      let size = 0;
      for await (const chunk of request as AsyncIterable<Buffer>) size += chunk.length;
      response.end(`[${remoteAddress}:${remotePort} ${size}]`);
    })();
  },
};

test('the client that the proxy names holds for all requests of the connection, large bodies included', async (t) => {
  const { port } = await startWorker(t, application, { settings });
  const size = 2_000_000;
  const client = rawClient(t, port).send(
    `${LINE}POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}`,
  );
  await client.receives(`[203.0.113.7:4000 ${size}]`);
  client.send(GET);
  await client.receives('[203.0.113.7:4000 0]');
  t.pass();
});

test('the header may come a byte at a time', async (t) => {
  const { port } = await startWorker(t, application, { settings });
  const client = rawClient(t, port);
  client.socket.setNoDelay(true);
  for (const byte of LINE + GET) {
    client.send(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await client.receives('[203.0.113.7:4000 0]');
  t.pass();
});

test('the header stands in front of the TLS handshake', async (t) => {
  const { port } = await startWorker(t, application, { settings, tls });
  const plain = connectPlain(port, '127.0.0.1');
  await once(plain, 'connect');
  plain.write(LINE);
  const socket = connect({ socket: plain, ca: tls.cert, servername: 'localhost' });
  await rawClient(t, socket).send(GET).receives('[203.0.113.7:4000 0]');
  t.pass();
});

test('whether a header is believed is asked of the proxy, not of the client that it names', async (t) => {
  const { port } = await startWorker(
    t,
    { kind: 'fetch', handler: (request) => new Response(`[${new URL(request.url).protocol}]`) },
    { settings },
  );
  const forwarded = 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n\r\n';
  await rawClient(t, port)
    .send(LINE + forwarded)
    .receives('[https:]');
  t.pass();
});

test('half a header is waited for as long as a head, and a client that sends nothing is no news', async (t) => {
  const { port, logged, finished } = await startWorker(t, application, {
    settings: { ...settings, headersTimeout: 0.3 },
  });
  const half = rawClient(t, port).send('PROXY TCP4 203');
  const silent = rawClient(t, port);
  t.regex(await half.closes(), /^HTTP\/1\.1 408 /);
  t.is(await silent.closes(), '');
  await eventually(() => logged.length === 2);
  t.deepEqual(logged.map(({ level }) => level).sort(), ['debug', 'warning']);
  t.is(finished.length, 1);
});
