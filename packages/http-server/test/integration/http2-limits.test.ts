import { once } from 'node:events';
import type { Application } from '@gunicorn-ts/interface';
import { eventually, rawClient } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { serving } from '../application.ts';
import {
  ask,
  cleartext,
  CLEARTEXT,
  END_HEADERS,
  END_STREAM,
  FRAME,
  frame,
  type FrameClient,
  frameClient,
  GET_BLOCK,
  http2Session,
} from '../http2-client.ts';

/** Code of RFC 9113 §7. */
const REFUSED_STREAM = 7;

const QUICK: Application = { kind: 'fetch', handler: () => new Response('ok') };

/** Reads the body, or answers when that is not to be read. */
const READS: Readonly<Record<string, Application>> = {
  node: {
    kind: 'node',
    async handler(request, response) {
      let size = 0;
      for await (const chunk of request) size += (chunk as Buffer).length;
      response.end(String(size));
    },
  },
  fetch: { kind: 'fetch', handler: async (request) => new Response(String((await request.text()).length)) },
  wsgi: {
    kind: 'wsgi',
    handler(environ, startResponse) {
      const input = environ['wsgi.input'] as { read(): Uint8Array };
      startResponse('200 OK', []);
      return [Buffer.from(String(input.read().length))];
    },
  },
};

const REFUSED: readonly (readonly [status: number, what: string, headers: Record<string, string>])[] = [
  [414, 'a path that is too long', { ':path': `/${'a'.repeat(5000)}` }],
  [431, 'a header that is too long', { 'x-long': 'a'.repeat(9000) }],
  [
    431,
    'too many headers',
    Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`x-${index}`, 'a'])),
  ],
  [400, 'two hosts that differ', { ':authority': 'a', host: 'other.example' }],
  [400, 'a host that is none', { ':authority': 'a:99999' }],
  [400, 'a method in small letters', { ':method': 'get' }],
  [417, 'another expectation', { expect: 'magic' }],
  [
    400,
    'a scheme that the headers of the proxy disagree on',
    { 'x-forwarded-proto': 'https', 'x-forwarded-ssl': 'off' },
  ],
  [413, 'a body that is announced as too long', { ':method': 'POST', 'content-length': '2000' }],
];

test('the rules of HTTP/1 hold for each stream, and one that breaks them harms no other', async (t) => {
  const { origin, logged, finished } = await serving(
    t,
    QUICK,
    cleartext({ limitRequestBody: 1000 }, { accessLog: true }),
  );
  const session = http2Session(t, origin);
  for (const [status, what, headers] of REFUSED) {
    const isPost = headers[':method'] === 'POST';
    const answer = await ask(session, headers, isPost ? 'x'.repeat(2000) : undefined);
    t.is(answer.status, status, what);
    t.is((await ask(session, {})).status, 200, `behind ${what}`);
  }
  t.is(logged.filter(({ level }) => level === 'warning').length, REFUSED.length);
  t.is(finished.filter((record) => (record?.status ?? 0) >= 400).length, REFUSED.length);
});

test('headers whose name holds an underscore are dropped or refused as the settings say', async (t) => {
  const application: Application = {
    kind: 'node',
    handler: (request, response) => void response.end(String(request.headers['x_a'])),
  };
  const dropping = await serving(t, application, CLEARTEXT);
  t.is((await ask(http2Session(t, dropping.origin), { x_a: '1' })).body, 'undefined');
  const refusing = await serving(t, application, cleartext({ headerMap: 'refuse' }));
  t.is((await ask(http2Session(t, refusing.origin), { x_a: '1' })).status, 400);
});

for (const [kind, application] of Object.entries(READS)) {
  test(`${kind}: a body that turns out too long is refused, with and without an announcement`, async (t) => {
    const { origin } = await serving(t, application, cleartext({ limitRequestBody: 100_000 }));
    const session = http2Session(t, origin);
    t.is((await ask(session, { ':method': 'POST' }, 'x'.repeat(100_000))).body, '100000');
    t.is((await ask(session, { ':method': 'POST' }, 'x'.repeat(100_001))).status, 413);
    t.is((await ask(session, { ':method': 'POST' }, 'x'.repeat(10))).body, '10');
  });

  test(`${kind}: a body that stops arriving is answered 408, and the connection lives on`, async (t) => {
    const { origin } = await serving(t, application, { ...CLEARTEXT, limits: { bodyMs: 100 } });
    const session = http2Session(t, origin);
    const stream = session.request({ ':method': 'POST' });
    stream.on('error', () => {});
    stream.write('some');
    const [head] = (await once(stream, 'response')) as [Record<string, number>];
    t.is(head[':status'], 408);
    t.is((await ask(session, { ':method': 'POST' }, 'ab')).body, '2');
  });
}

test('a request that takes too long is answered 504', async (t) => {
  const { origin, logged } = await serving(
    t,
    {
      kind: 'fetch',
      handler: (request) => (request.url.endsWith('/slow') ? new Promise(() => {}) : new Response('ok')),
    },
    cleartext({ requestTimeout: 0.1 }),
  );
  const session = http2Session(t, origin);
  t.is((await ask(session, { ':path': '/slow' })).status, 504);
  t.is((await ask(session, { ':path': '/' })).status, 200);
  t.true(logged.some(({ message }) => message.startsWith('Request timed out')));
});

test('a client that reads nothing of its answer loses the stream', async (t) => {
  const { origin, finished } = await serving(
    t,
    { kind: 'node', handler: (_request, response) => void response.end(Buffer.alloc(1_000_000)) },
    cleartext({}, { accessLog: true, limits: { writeMs: 100 } }),
  );
  const stream = http2Session(t, origin).request({});
  stream.on('error', () => {});
  stream.pause();
  await new Promise((resolve) => stream.once('close', resolve));
  t.is(stream.rstCode, 2);
  await eventually(() => finished.length === 1);
});

test.serial('a client that goes on reading, if slowly, has its answer', async (t) => {
  const { origin } = await serving(
    t,
    { kind: 'node', handler: (_request, response) => void response.end(Buffer.alloc(700_000)) },
    { ...CLEARTEXT, limits: { writeMs: 1000 } },
  );
  // A version of Node with a larger window would let the server see less often that it reads.
  const settings = { initialWindowSize: 65_535 };
  const stream = http2Session(t, origin, { settings }).request({});
  const startedAt = performance.now();
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    // It takes longer for the whole answer than it may stand still, and less for each piece.
    const readAt = performance.now();
    await eventually(() => performance.now() - readAt > 150);
  }
  t.is(size, 700_000);
  t.true(performance.now() - startedAt > 1000);
});

test('the settings are what clients are told, and more streams at a time are refused', async (t) => {
  const held: (() => void)[] = [];
  const { port } = await serving(
    t,
    { kind: 'fetch', handler: () => new Promise((resolve) => held.push(() => resolve(new Response('ok')))) },
    cleartext({
      http2MaxConcurrentStreams: 2,
      http2InitialWindowSize: 100_000,
      http2MaxFrameSize: 20_000,
      http2MaxHeaderListSize: 10_000,
    }),
  );
  const client = frameClient(t, port);
  const [settings] = await client.receives(FRAME.settings);
  const told = new Map<number, number>();
  for (let at = 0; at < settings!.payload.length; at += 6) {
    told.set(settings!.payload.readUInt16BE(at), settings!.payload.readUInt32BE(at + 2));
  }
  t.deepEqual([told.get(3), told.get(4), told.get(5), told.get(6)], [2, 100_000, 20_000, 10_000]);
  client.get(1).get(3).get(5);
  const [refused] = await client.receives(FRAME.reset);
  t.deepEqual([refused?.stream, refused?.payload.readUInt32BE(0)], [5, REFUSED_STREAM]);
  await eventually(() => held.length === 2);
  for (const answer of held) answer();
  await client.receives(FRAME.headers, 2);
});

test('a connection that says nothing, or half of something, is closed in time', async (t) => {
  const { port, server } = await serving(t, QUICK, { ...CLEARTEXT, limits: { headMs: 150, lingerMs: 100 } });
  const silent = frameClient(t, port);
  const half = frameClient(t, port);
  half.send(FRAME.headers, { flags: END_STREAM, stream: 1, payload: GET_BLOCK });
  await rawClient(t, port).send('PRI * HTTP/2.0\r\n\r\nS').closes();
  await Promise.all([silent.closes(), half.closes()]);
  await eventually(() => server.engine.connections.size === 0);
  t.pass();
});

test('an idle connection is closed when its time is over, and says so before', async (t) => {
  const { port } = await serving(t, QUICK, cleartext({ keepalive: 0.2 }));
  const client = frameClient(t, port).get(1);
  await client.receives(FRAME.data);
  await client.receives(FRAME.goaway);
  const [ping] = await client.receives(FRAME.ping);
  client.send(FRAME.ping, { flags: 1, payload: ping!.payload });
  await client.closes();
  t.is(client.of(FRAME.goaway).at(-1)?.payload.readUInt32BE(0), 1);
});

/** By the thousand: the answers to them must be more than the kernel keeps. */
const SETTINGS = Buffer.concat(Array.from({ length: 1000 }, () => frame(FRAME.settings)));
const PINGS = Buffer.concat(
  Array.from({ length: 1000 }, () => frame(FRAME.ping, { payload: Buffer.alloc(8) })),
);

/** Each is more than a client has reason to send, and must end with its connection, or cost nothing that stays. */
const FLOODS: Readonly<Record<string, (client: FrameClient, round: number) => unknown>> = {
  'streams that are reset at once': (client, round) => {
    const stream = 2 * round + 1;
    client.get(stream, END_HEADERS).send(FRAME.reset, { stream, payload: Buffer.from([0, 0, 0, 8]) });
  },
  'settings that nobody hears the answers of': (client) => client.socket.write(SETTINGS),
  'pings that nobody hears the answers of': (client) => client.socket.write(PINGS),
  'headers that never end': (client, round) =>
    client.send(round === 0 ? FRAME.headers : FRAME.continuation, {
      stream: 1,
      payload:
        round === 0
          ? GET_BLOCK
          : Buffer.concat([Buffer.from([0x40, 1, 0x61, 0x7f, 0x80, 0x7c]), Buffer.alloc(16_000, 97)]),
    }),
};

for (const [what, send] of Object.entries(FLOODS)) {
  test(`a flood of ${what} ends with its connection, and others are served`, async (t) => {
    const { port, origin, server } = await serving(t, QUICK, CLEARTEXT);
    const client = frameClient(t, port);
    if (what.endsWith('answers of')) client.socket.pause();
    for (let round = 0; round < 20_000 && !client.closed; round++) {
      send(client, round);
      if (round % 10 === 0) await new Promise(setImmediate);
      // What the kernel does not take is not sent; a server that stops reading has bounded it, too.
      if (client.socket.writableLength > 4_000_000) break;
    }
    t.is((await ask(http2Session(t, origin), {})).status, 200);
    client.socket.resume();
    await client.closes();
    await eventually(() => server.engine.connections.size <= 1);
  });
}
