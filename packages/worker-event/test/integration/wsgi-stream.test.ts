import type { WsgiEnviron, WsgiHandler } from '@gunicorn-ts/interface';
import test, { type ExecutionContext } from 'ava';
import {
  eventually,
  rawClient,
  startWorker,
  type Circumstances,
  type RunningWorker,
} from './running-worker.ts';

const start = (
  t: ExecutionContext,
  handler: WsgiHandler,
  circumstances?: Circumstances,
): Promise<RunningWorker> => startWorker(t, { kind: 'wsgi', input: 'stream', handler }, circumstances);

const inputOf = (environ: WsgiEnviron): AsyncIterable<Uint8Array> =>
  environ['wsgi.input'] as AsyncIterable<Uint8Array>;

const PUT = 'PUT / HTTP/1.1\r\nHost: a\r\n';

test('an application that takes a stream is called before the body is whole', async (t) => {
  const seen: string[] = [];
  const { port } = await start(t, async (environ, startResponse) => {
    for await (const piece of inputOf(environ)) seen.push(Buffer.from(piece).toString());
    startResponse('200 OK', []);
    return [Buffer.from(seen.join('|'))];
  });
  const client = rawClient(t, port).send(`${PUT}Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n`);
  await eventually(() => seen.length === 1);
  client.send('3\r\ntwo\r\n0\r\n\r\n');
  t.regex(await client.receives('one|two'), /^HTTP\/1\.1 200 /);
});

test('a client that waits to send its body is told to go on when the application reads', async (t) => {
  const gate = Promise.withResolvers<void>();
  const { port, worker } = await start(t, async (environ, startResponse) => {
    await gate.promise;
    let size = 0;
    for await (const piece of inputOf(environ)) size += piece.length;
    startResponse('200 OK', []);
    return [Buffer.from(`size ${size}`)];
  });
  const client = rawClient(t, port).send(`${PUT}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n`);
  await eventually(() => worker.inFlight().length === 1);
  t.is(client.received, '');
  gate.resolve();
  await client.receives('100 Continue');
  t.regex(await client.send('hello').receives('size 5'), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
});

test('an application that does not read its body never tells the client to go on', async (t) => {
  const { port } = await start(t, (_environ, startResponse) => {
    startResponse('401 Unauthorized', []);
    return [Buffer.from('no')];
  });
  const client = rawClient(t, port);
  client.send(`${PUT}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n`);
  t.regex(await client.closes(), /^HTTP\/1\.1 401 /);
});

test('the input throws when the client goes away', async (t) => {
  let thrown: unknown;
  let first = false;
  const { port, logged, finished } = await start(t, async (environ) => {
    try {
      for await (const piece of inputOf(environ)) first = piece.length > 0;
    } catch (error) {
      thrown = error;
      throw error;
    }
    return [];
  });
  const client = rawClient(t, port).send(`${PUT}Content-Length: 10\r\n\r\nabc`);
  await eventually(() => first);
  client.socket.destroy();
  await eventually(() => thrown !== undefined && finished.length === 1);
  t.true(thrown instanceof Error);
  t.deepEqual(
    logged.filter(({ level }) => level === 'error'),
    [],
  );
});

test('a client is read from only as fast as the application reads', async (t) => {
  const gate = Promise.withResolvers<void>();
  const total = 32 * 1024 * 1024;
  const { port } = await start(t, async (environ, startResponse) => {
    let size = 0;
    for await (const piece of inputOf(environ)) {
      size += piece.length;
      await gate.promise;
    }
    startResponse('200 OK', []);
    return [Buffer.from(`size ${size}`)];
  });
  const client = rawClient(t, port).send(`${PUT}Content-Length: ${total}\r\n\r\n`);
  client.socket.write(Buffer.alloc(total));
  // What the kernel's buffers hold leaves this process; the rest waits here.
  await eventually(() => client.socket.bytesWritten > 0 && client.socket.writableLength > 0);
  t.true(client.socket.writableLength > total / 2);
  gate.resolve();
  t.regex(await client.receives(`size ${total}`), /^HTTP\/1\.1 200 /);
});

test('a connection goes on after an application that left a part of its input', async (t) => {
  const { port } = await start(t, async (environ, startResponse) => {
    for await (const piece of inputOf(environ)) if (piece.length > 0) break;
    startResponse('200 OK', []);
    return [Buffer.from(`to ${String(environ['PATH_INFO'])}.`)];
  });
  const client = rawClient(t, port).send(`${PUT}Content-Length: 200000\r\n\r\n`);
  client.socket.write(Buffer.alloc(200_000));
  client.send('GET /next HTTP/1.1\r\nHost: a\r\n\r\n');
  t.regex(await client.receives('to /next.'), /to \/\./);
});

test('the input throws at the limit of the body, and the client is told', async (t) => {
  let size = 0;
  let thrown: unknown;
  const { port, finished } = await start(
    t,
    async (environ) => {
      try {
        for await (const piece of inputOf(environ)) size += piece.length;
      } catch (error) {
        thrown = error;
        throw error;
      }
      return [];
    },
    { settings: { limitRequestBody: 5 } },
  );
  const client = rawClient(t, port).send(`${PUT}Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n`);
  await eventually(() => size === 3);
  client.send('3\r\ntwo\r\n');
  t.regex(await client.closes(), /^HTTP\/1\.1 413 /);
  await eventually(() => thrown !== undefined && finished.length === 1);
  t.is(size, 3);
});
