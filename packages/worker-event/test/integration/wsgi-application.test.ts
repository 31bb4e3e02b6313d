import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WsgiBody, WsgiEnviron, WsgiHandler, WsgiStartResponse } from '@gunicorn-ts/interface';
import test, { type ExecutionContext } from 'ava';
import { fetch } from 'undici';
import {
  eventually,
  rawClient,
  startWorker,
  type Circumstances,
  type RunningWorker,
} from './running-worker.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

const start = (
  t: ExecutionContext,
  handler: WsgiHandler,
  circumstances?: Circumstances,
): Promise<RunningWorker> => startWorker(t, { kind: 'wsgi', handler }, circumstances);

/** Sends one request and returns all that came back. */
async function exchange(t: ExecutionContext, handler: WsgiHandler, request = GET): Promise<string> {
  const { port } = await start(t, handler);
  return rawClient(t, port).send(request).closes();
}

/** The body of a chunked response that arrived whole. How it is cut into chunks is for Node to say. */
function chunkedBody(received: string): string {
  const [head = '', ...rest] = received.split('\r\n\r\n');
  const chunks = rest.join('\r\n\r\n');
  if (!head.includes('chunked') || !chunks.endsWith('0\r\n\r\n')) return `not whole: ${received}`;
  return chunks.replaceAll(/[\da-f]+\r\n(.*?)\r\n/gs, '$1').replace(/\r\n$/, '');
}

const plain: [string, string][] = [['Content-Type', 'text/plain']];

test('a body of one block gets a Content-Length', async (t) => {
  const received = await exchange(t, (_environ, startResponse) => {
    startResponse('200 Fine', plain);
    return [bytes('hello')];
  });
  t.regex(received, /^HTTP\/1\.1 200 Fine\r\n/);
  t.regex(received, /\r\nServer: gunicorn\r\n/);
  t.regex(received, /\r\nContent-Length: 5\r\n[^]*hello$/);
});

test('a body of several blocks is chunked, also when it comes from a generator or a promise', async (t) => {
  function* blocks(startResponse: WsgiStartResponse): Generator<Uint8Array> {
    startResponse('200 OK', plain);
    yield bytes('');
    yield bytes('one');
    yield bytes('two');
  }
  const sync = await exchange(t, (_environ, startResponse) => blocks(startResponse));
  const promised = await exchange(t, async (_environ, startResponse) => blocks(startResponse));
  for (const received of [sync, promised]) t.is(chunkedBody(received), 'onetwo');
});

test('an asynchronous body is sent as it comes', async (t) => {
  const gate = Promise.withResolvers<void>();
  const { port } = await start(t, (_environ, startResponse) => {
    startResponse('200 OK', plain);
    return (async function* () {
      yield bytes('early');
      await gate.promise;
      yield bytes('late');
    })();
  });
  const client = rawClient(t, port).send(GET);
  t.false((await client.receives('early')).includes('late'));
  gate.resolve();
  t.regex(await client.closes(), /late\r\n0\r\n\r\n$/);
});

test('the body of a request can be read by size, by line and by iteration', async (t) => {
  const { origin } = await start(t, (environ, startResponse) => {
    const input = environ['wsgi.input'] as { read(size: number): Uint8Array } & Iterable<Uint8Array>;
    startResponse('200 OK', plain);
    const first = Buffer.from(input.read(2)).toString();
    return [bytes(JSON.stringify([first, ...Array.from(input, (line) => Buffer.from(line).toString())]))];
  });
  const response = await fetch(origin, { method: 'POST', body: 'abc\ndef\ng' });
  t.deepEqual(await response.json(), ['ab', 'c\n', 'def\n', 'g']);
});

test('a body larger than the memory limit arrives whole', async (t) => {
  const { origin } = await start(t, (environ, startResponse) => {
    const input = environ['wsgi.input'] as { read(size?: number): Uint8Array };
    let sum = 0;
    let length = 0;
    for (let block = input.read(65536); block.byteLength > 0; block = input.read(65536)) {
      length += block.byteLength;
      for (const byte of block) sum += byte;
    }
    startResponse('200 OK', plain);
    return [bytes(`${length} ${sum}`)];
  });
  const body = Buffer.alloc(3 * 1024 * 1024 + 17, 3);
  const response = await fetch(origin, { method: 'POST', body });
  t.is(await response.text(), `${body.length} ${body.length * 3}`);
});

test('a client that leaves while it sends its body is not served', async (t) => {
  let called = false;
  const { port, worker, logged } = await start(t, () => {
    called = true;
    return [];
  });
  const client = rawClient(t, port).send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
  await eventually(() => worker.inFlight().length === 1);
  client.socket.destroy();
  await eventually(() => worker.inFlight().length === 0);
  t.false(called);
  t.deepEqual(
    logged.filter(({ level }) => level === 'error'),
    [],
  );
});

test('write sends at once, and the returned blocks follow', async (t) => {
  const received = await exchange(t, (_environ, startResponse) => {
    const write = startResponse('200 OK', plain);
    write(bytes('a'));
    return [bytes('b'), bytes('c')];
  });
  t.is(chunkedBody(received), 'abc');
});

test('start_response may be called again with exc_info as long as nothing was sent', async (t) => {
  const received = await exchange(t, (_environ, startResponse) => {
    startResponse('200 OK', plain);
    startResponse('503 Sorry', [['X-Reason', 'late']], new Error('found out late'));
    return [bytes('sorry')];
  });
  t.regex(received, /^HTTP\/1\.1 503 Sorry\r\n[^]*\r\nX-Reason: late\r\n/);
  t.false(received.includes('text/plain'));
});

test('exc_info after the head was sent breaks the response and logs the application’s error', async (t) => {
  const { port, logged } = await start(t, function* (
    _environ: WsgiEnviron,
    startResponse: WsgiStartResponse,
  ) {
    startResponse('200 OK', plain);
    yield bytes('begun');
    startResponse('500 Oops', [], [Error, new Error('the real reason'), null]);
  } as unknown as WsgiHandler);
  const received = await rawClient(t, port).send(GET).closes();
  t.true(received.includes('begun'));
  t.false(received.includes('0\r\n\r\n'));
  t.regex(logged[0]?.message ?? '', /the real reason/);
});

test('bytes beyond the Content-Length are cut, and the connection lives on', async (t) => {
  const { port } = await start(t, (_environ, startResponse) => {
    startResponse('200 OK', [['Content-Length', '3']]);
    return [bytes('ab'), bytes('cdef'), bytes('g')];
  });
  const client = rawClient(t, port).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.receives('\r\n\r\nabc');
  client.send(GET);
  t.regex(await client.closes(), /\r\n\r\nabcHTTP\/1\.1 200 OK[^]*\r\n\r\nabc$/);
});

test('a response shorter than its Content-Length is broken off', async (t) => {
  const { port, logged } = await start(t, (_environ, startResponse) => {
    startResponse('200 OK', [['Content-Length', '10']]);
    return [bytes('abc')];
  });
  const client = rawClient(t, port).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.closes();
  t.regex(logged[0]?.message ?? '', /7 bytes shorter/);
});

test('responses to HEAD, 204 and 304 have no body', async (t) => {
  const answer =
    (status: string): WsgiHandler =>
    (_environ, startResponse) => {
      startResponse(status, plain);
      return [bytes('body')];
    };
  const head = await exchange(t, answer('200 OK'), GET.replace('GET', 'HEAD'));
  t.regex(head, /Content-Length: 4\r\n([^]*\r\n)?\r\n$/);
  t.regex(await exchange(t, answer('204 No Content')), /^HTTP\/1\.1 204 No Content\r\n[^]*\r\n\r\n$/);
  t.regex(await exchange(t, answer('304 Not Modified')), /^HTTP\/1\.1 304 Not Modified\r\n[^]*\r\n\r\n$/);
});

test('close is called once after the body, after an error, and when the client has gone', async (t) => {
  const closed: string[] = [];
  const body = (name: string, blocks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): WsgiBody =>
    Object.assign(blocks, { close: () => void closed.push(name) }) as WsgiBody;
  const { origin, port } = await start(t, (environ, startResponse) => {
    startResponse('200 OK', plain);
    const path = String(environ['PATH_INFO']);
    if (path === '/whole') return body(path, [bytes('x')]);
    return body(
      path,
      (async function* () {
        for (;;) {
          yield bytes('x'.repeat(1000));
          if (path === '/broken') throw new Error('broken');
          await nextTurn();
        }
      })(),
    );
  });
  await (await fetch(`${origin}/whole`)).text();
  await eventually(() => closed.length === 1);
  await t.throwsAsync(async () => (await fetch(`${origin}/broken`)).text());
  await eventually(() => closed.length === 2);
  const client = rawClient(t, port).send('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.receives('xxx');
  client.socket.destroy();
  await eventually(() => closed.length === 3);
  t.deepEqual(closed, ['/whole', '/broken', '/endless']);
});

test('an application is not run ahead of a client that reads slowly', async (t) => {
  let given = 0;
  const { port } = await start(t, (_environ, startResponse) => {
    startResponse('200 OK', plain);
    return (function* () {
      for (; given < 2000; given++) yield Buffer.alloc(65536);
    })();
  });
  const client = rawClient(t, port);
  client.socket.pause();
  client.send(GET);
  let before = 0;
  await eventually(() => {
    const stopped = given > 0 && given === before;
    before = given;
    return stopped;
  });
  t.true(given < 1000, `${given} blocks were taken from the application`);
  client.socket.destroy();
});

test('early hints go out before the response', async (t) => {
  const received = await exchange(t, (environ, startResponse) => {
    const hint = environ['wsgi.early_hints'] as (headers: [string, string][]) => void;
    hint([['Link', '</style.css>; rel=preload']]);
    hint([['X-Step', '2']]);
    startResponse('200 OK', plain);
    return [bytes('x')];
  });
  t.regex(
    received,
    /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/style\.css>; rel=preload\r\n\r\nHTTP\/1\.1 103 Early Hints\r\nX-Step: 2\r\n\r\nHTTP\/1\.1 200 OK/,
  );
});

test('file_wrapper sends what is read from a file, and closes it', async (t) => {
  const blocks = ['ab', 'cd', ''].map(bytes);
  let closed = 0;
  const received = await exchange(t, (environ, startResponse) => {
    startResponse('200 OK', plain);
    const wrap = environ['wsgi.file_wrapper'] as (file: unknown) => WsgiBody;
    return wrap({ read: () => blocks.shift(), close: () => closed++ });
  });
  t.is(chunkedBody(received), 'abcd');
  t.is(closed, 1);
});

test('100 Continue is sent before the application runs', async (t) => {
  const { port } = await start(t, (environ, startResponse) => {
    const input = environ['wsgi.input'] as { read(): Uint8Array };
    startResponse('200 OK', plain);
    return [input.read()];
  });
  const client = rawClient(t, port).send(
    'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n',
  );
  await client.receives('100 Continue');
  client.send('data');
  t.regex(await client.closes(), /\r\n\r\ndata$/);
});

test('the access log can see the environ', async (t) => {
  const { origin, finished } = await start(
    t,
    (environ, startResponse) => {
      environ['REMOTE_USER'] = 'ada';
      startResponse('200 OK', plain);
      return [bytes('x')];
    },
    { accessLog: true },
  );
  await (await fetch(origin)).text();
  await eventually(() => finished.length === 1);
  t.is(finished[0]?.environ?.('REMOTE_USER'), 'ada');
});
