import type { Application } from '@gunicorn-ts/interface';
import { eventually, rawClient } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { serving } from '../application.ts';

const HOST = 'Host: x\r\n';
const LARGE = 30_000_000;
const never = new Promise<never>(() => undefined);

/** Say the beginning of a response, and wait for a body that does not come. */
const WAITING: Readonly<Record<string, Application>> = {
  node: {
    kind: 'node',
    handler: (request, response) => {
      response.write('begun');
      request.resume();
    },
  },
  fetch: {
    kind: 'fetch',
    handler: (request) =>
      new Response(
        new ReadableStream<Uint8Array>({
          async start(stream) {
            stream.enqueue(Buffer.from('begun'));
            stream.enqueue(Buffer.from(await request.text()));
          },
        }),
      ),
  },
};

const DEAF: Readonly<Record<string, Application>> = {
  node: { kind: 'node', handler: (_request, response) => void response.end(Buffer.alloc(LARGE)) },
  fetch: { kind: 'fetch', handler: () => new Response(Buffer.alloc(LARGE)) },
};

const STUCK: Readonly<Record<string, Application>> = {
  node: { kind: 'node', handler: () => undefined },
  fetch: { kind: 'fetch', handler: () => never },
};

for (const kind of ['node', 'fetch']) {
  test(`${kind}: an upload that stops does not put a second answer into the response that has begun`, async (t) => {
    const { port, logged, finished } = await serving(t, WAITING[kind]!, {
      limits: { bodyMs: 200 },
      accessLog: true,
    });
    const client = rawClient(t, port).send(`POST /up HTTP/1.1\r\n${HOST}Content-Length: 9\r\n\r\nabc`);
    const received = await client.closes();
    t.regex(received, /^HTTP\/1\.1 200 [^]*begun/);
    t.notRegex(received, /HTTP\/1\.1 4/);
    await eventually(() => finished.length > 0);
    t.deepEqual(
      finished.map((record) => record?.status),
      [200],
    );
    t.regex(logged[0]!.message, /POST \/up, whose client does not send the body$/);
  });

  test(`${kind}: a client that does not read is cut off, with a line that says so`, async (t) => {
    const { port, logged, finished } = await serving(t, DEAF[kind]!, {
      limits: { writeMs: 200 },
      accessLog: true,
    });
    const client = rawClient(t, port);
    client.socket.pause();
    client.send(`GET /deaf HTTP/1.1\r\n${HOST}\r\n`);
    await eventually(() => finished.length === 1);
    t.is(finished[0]!.status, 200);
    t.true(finished[0]!.bytes < LARGE);
    t.regex(logged[0]!.message, /GET \/deaf, whose client does not read the response$/);
  });

  test(`${kind}: what a drain cuts before its answer began is a 503, and no client that left`, async (t) => {
    const { port, server, finished } = await serving(t, STUCK[kind]!, { accessLog: true });
    rawClient(t, port).send(`GET /cut HTTP/1.1\r\n${HOST}\r\n`);
    await eventually(() => server.inFlight().length === 1);
    await server.drain(50);
    t.deepEqual(
      finished.map((record) => record?.status),
      [503],
    );
  });
}

for (const transport of ['descriptor', 'stream'] as const) {
  test(`${transport}: a client that sends its whole body before it reads is told that it is too large`, async (t) => {
    const { port } = await serving(t, STUCK['fetch']!, { transport, settings: { limitRequestBody: 1 } });
    const size = 8_000_000;
    const client = rawClient(t, port);
    client.socket.pause();
    client.send(`POST /all HTTP/1.1\r\n${HOST}Content-Length: ${size}\r\n\r\n`);
    await new Promise((sent) => client.socket.write(Buffer.alloc(size), sent));
    client.socket.resume();
    t.regex(await client.closes(), /^HTTP\/1\.1 413 /);
    t.is(client.error, undefined);
  });
}

test('the access log counts the whole text of what was answered in place of an application', async (t) => {
  const { port, finished } = await serving(t, STUCK['node']!, {
    accessLog: true,
  });
  const client = rawClient(t, port).send(
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
  );
  const [, body = ''] = (await client.closes()).split('\r\n\r\n');
  await eventually(() => finished.length === 1);
  t.is(finished[0]!.bytes, body.length);
});
