import { once } from 'node:events';
import type { Server } from 'node:http';
import { eventually, RawClient, rawClient } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { engineServer, listening, TRANSPORTS } from '../makers.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

async function alone(server: Server): Promise<void> {
  await eventually(async () => (await connections(server)) === 0, 'the end of all connections');
}

async function stillServes(t: ExecutionContext, port: number): Promise<void> {
  const client = rawClient(t, port).send(GET);
  await client.receives('HTTP/1.1 ');
  client.socket.destroy();
}

for (const transport of TRANSPORTS) {
  const make = engineServer(transport);

  test(`${transport}: a client that resets at any byte leaves nothing behind`, async (t) => {
    let begun = 0;
    let ended = 0;
    const server = make({}, (request, response) => {
      begun++;
      response.once('close', () => ended++);
      request.on('error', () => undefined);
      request.resume().on('end', () => setImmediate(() => response.end('x'.repeat(1000))));
    });
    const port = await listening(t, server);
    const text = GET + POST;
    for (let length = 0; length <= text.length; length += 3) {
      const client = new RawClient(port);
      await once(client.socket, 'connect');
      await new Promise((resolve) => client.socket.write(text.slice(0, length), resolve));
      client.socket.resetAndDestroy();
    }
    await alone(server);
    await eventually(() => begun === ended, 'the end of all requests');
    t.true(begun > 0);
    await stillServes(t, port);
  });

  test(`${transport}: half a head is waited for as long as a head may take`, async (t) => {
    const server = make({ headersTimeout: 100, requestTimeout: 1000 }, (_request, response) =>
      response.end('x'),
    );
    const port = await listening(t, server);
    const client = rawClient(t, port).send('GET / HTTP/1.1\r\nHo');
    t.regex(await client.closes(), /^HTTP\/1\.1 408 /);
    const silent = rawClient(t, port);
    t.regex(await silent.closes(), /^HTTP\/1\.1 408 /);
  });

  test(`${transport}: a body that never ends is waited for as long as a request may take`, async (t) => {
    const server = make({ headersTimeout: 100, requestTimeout: 100 }, (request) => void request.resume());
    const port = await listening(t, server);
    const client = rawClient(t, port).send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx');
    t.regex(await client.closes(), /^HTTP\/1\.1 408 /);
    await alone(server);
  });

  test(`${transport}: 60,000 pipelined requests are answered in order, and others meanwhile`, async (t) => {
    let served = 0;
    const server = make({}, (_request, response) => {
      served++;
      response.end();
    });
    const port = await listening(t, server);
    const many = rawClient(t, port);
    many.socket.removeAllListeners('data');
    many.socket.resume();
    many.send(GET.repeat(60_000));
    await eventually(() => served > 100);
    const before = served;
    await stillServes(t, port);
    t.true(served - before < 20_000, `${served - before} requests of one client came before one of another`);
    await eventually(() => served >= 60_001, 'the last of them', 60_000);
  });

  test(`${transport}: a client that pipelines and does not read takes no memory`, async (t) => {
    let served = 0;
    const server = make({}, (_request, response) => {
      served++;
      response.end('x'.repeat(100_000));
    });
    const port = await listening(t, server);
    const deaf = rawClient(t, port);
    deaf.socket.pause();
    deaf.send(GET.repeat(5000));
    await eventually(() => served > 0);
    // What the kernel's buffers and one response hold.
    let last = -1;
    await eventually(() => {
      const isQuiet = served === last;
      last = served;
      return isQuiet;
    });
    t.true(served < 1000, `${served} responses were made for a client that reads none`);
    await stillServes(t, port);
  });

  test(`${transport}: the response that a client reads slowly waits for it, and so does who writes`, async (t) => {
    let waited = 0;
    const server = make({}, async (_request, response) => {
      for (let piece = 0; piece < 100; piece++) {
        if (response.write(Buffer.alloc(100_000))) continue;
        waited++;
        t.true(response.writableNeedDrain);
        await once(response, 'drain');
        t.false(response.writableNeedDrain);
      }
      response.end();
    });
    const port = await listening(t, server);
    const slow = rawClient(t, port);
    slow.socket.pause();
    slow.send(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await eventually(() => waited > 0);
    slow.socket.resume();
    await slow.closes();
    t.true(slow.received.length > 10_000_000);
    t.true(slow.received.endsWith('0\r\n\r\n'));
  });

  test(`${transport}: a body that is read slowly waits in the kernel`, async (t) => {
    let arrived = 0;
    let goOn: (() => void) | undefined;
    const server = make({}, async (request, response) => {
      await new Promise<void>((resolve) => (goOn = resolve));
      for await (const chunk of request) arrived += (chunk as Buffer).length;
      response.end('read');
    });
    const port = await listening(t, server);
    const client = rawClient(t, port).send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n');
    const isSent = client.socket.write(Buffer.alloc(20_000_000));
    t.false(isSent);
    await eventually(() => goOn !== undefined);
    await eventually(() => client.socket.bytesWritten > 0);
    t.true(client.socket.writableLength > 1_000_000, 'the server took what nobody read');
    goOn!();
    await client.receives('read');
    t.is(arrived, 20_000_000);
  });

  test(`${transport}: an answer that comes before the body is received, and the connection goes on`, async (t) => {
    const server = make({}, (_request, response) => response.end('early'));
    const port = await listening(t, server);
    const client = rawClient(t, port).send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n');
    await client.receives('early');
    client.send('x'.repeat(100_000)).send(GET);
    t.regex(await client.receives('early', 2), /^HTTP[^]*early.*HTTP[^]*early$/);
  });
}
