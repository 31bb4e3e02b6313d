import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { Application } from '@gunicorn-ts/interface';
import { rawClient } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { serving } from '../application.ts';
import { ask, CLEARTEXT, cleartext, http2Session } from '../http2-client.ts';

const QUICK: Application = { kind: 'fetch', handler: () => new Response('ok') };

test('without the setting, and from peers that are not trusted, the preface is refused as a version', async (t) => {
  for (const settings of [
    { httpProtocols: ['h2', 'http/1.1'] },
    { ...CLEARTEXT.settings, forwardedAllowIps: ['10.0.0.1'] },
  ] as const) {
    const { port, origin, logged } = await serving(t, QUICK, { settings });
    const client = rawClient(t, port).send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    t.regex(await client.closes(), /^HTTP\/1\.1 505 /);
    t.is((await fetch(origin)).status, 200);
    t.true(logged.some(({ message }) => message.includes('this HTTP version is not served')));
  }
});

test('beside HTTP/2 a port speaks HTTP/1, unless only h2 is named', async (t) => {
  const both = await serving(t, QUICK, CLEARTEXT);
  t.is((await fetch(both.origin)).status, 200);
  const alone = await serving(t, QUICK, cleartext({ httpProtocols: ['h2'] }));
  t.is((await fetch(alone.origin)).status, 505);
  t.is((await ask(http2Session(t, alone.origin), {})).status, 200);
});

test('the preface is seen in any cut, and not behind a request', async (t) => {
  const { port } = await serving(t, QUICK, CLEARTEXT);
  const slow = rawClient(t, port);
  for (const octet of 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0') {
    slow.send(octet);
    await new Promise(setImmediate);
  }
  // The server's own settings.
  await slow.receives('\x04\0\0\0\0\0');
  const late = rawClient(t, port).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await late.receives('200 OK');
  t.regex(await late.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n').closes(), /HTTP\/1\.1 505 /);
});

test('a proxy that is trusted says the scheme, by :scheme or a header of its own', async (t) => {
  const { origin } = await serving(
    t,
    { kind: 'fetch', handler: (request) => new Response(new URL(request.url).protocol) },
    CLEARTEXT,
  );
  const session = http2Session(t, origin);
  t.is((await ask(session, {})).body, 'http:');
  t.is((await ask(session, { ':scheme': 'https' })).body, 'https:');
  t.is((await ask(session, { 'x-forwarded-proto': 'https' })).body, 'https:');
});

test('a PROXY protocol header may stand in front of the preface', async (t) => {
  const { port } = await serving(
    t,
    { kind: 'node', handler: (request, response) => void response.end(request.socket.remoteAddress) },
    cleartext({ proxyProtocol: 'v1' }),
  );
  const socket = connect(port, '127.0.0.1');
  socket.write('PROXY TCP4 203.0.113.7 10.0.0.1 1234 80\r\n');
  const session = connectHttp2('http://a', { createConnection: () => socket });
  t.teardown(() => session.destroy());
  t.is((await ask(session, {})).body, '203.0.113.7');
});
