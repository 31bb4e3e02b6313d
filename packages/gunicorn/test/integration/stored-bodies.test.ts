import { readFileSync } from 'node:fs';
import { eventually, rawClient, request, type Server, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const MEGABYTE = 1024 * 1024;

/** Says how long the body is, or keeps it until the file `go` is there. */
const WSGI = `
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
export default async (environ, startResponse) => {
  const { length } = environ['wsgi.input'].read();
  if (environ['PATH_INFO'] === '/keep') {
    console.error('kept');
    while (!existsSync('go')) await sleep(10);
  }
  startResponse('200 OK', []);
  return [Buffer.from(String(length))];
};`;

const ACCESS = ['--access-logfile', '-', '--access-logformat', 'ACCESS %(m)s %(U)s %(s)s %(B)s'];

function start(t: ExecutionContext, workerClass: string, ...args: string[]): Promise<Server> {
  return startServer(t, {
    app: WSGI,
    args: ['-k', workerClass, '--application-kind', 'wsgi', ...ACCESS, ...args],
  });
}

function post(server: Server, path: string, bytes: number): ReturnType<typeof request> {
  return request(`${server.url}${path}`, { method: 'POST', body: Buffer.alloc(bytes, 'x') });
}

/** Most memory that a process ever had, in bytes. */
function peakOf(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

for (const workerClass of ['sync', 'event']) {
  test.serial(`a body that does not fit in limitSpooledBodies is answered 503, ${workerClass}`, async (t) => {
    const server = await start(t, workerClass, '--limit-spooled-bodies', '3mb');
    t.is((await post(server, '/fits', 2.5 * MEGABYTE)).text, String(2.5 * MEGABYTE));
    const { status } = await post(server, '/large', 4 * MEGABYTE);
    t.is(status, 503);
    await server.waitFor(/ERROR\] A request body cannot be stored: .*limitSpooledBodies allows 3145728/);
    await server.waitFor('ACCESS POST /large 503 24');
    t.is((await post(server, '/small', 10)).text, '10');
    t.is(
      (await post(server, '/again', 2.5 * MEGABYTE)).text,
      String(2.5 * MEGABYTE),
      'the room was given back',
    );
    t.deepEqual(server.matching(/ 499 /), []);
  });

  test.serial(`a client that sends its whole body before it reads is told, ${workerClass}`, async (t) => {
    const server = await start(t, workerClass, '--limit-spooled-bodies', '1mb');
    const size = 20 * MEGABYTE;
    const client = rawClient(t, server.port);
    client.socket.pause();
    client.send(`POST /all HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`);
    await new Promise((sent) => client.socket.write(Buffer.alloc(size), sent));
    client.socket.resume();
    t.regex(await client.closes(), /^HTTP\/1\.1 503 /);
    t.is(client.error, undefined);
  });

  test.serial(`a body in chunks of one byte takes what its bytes take, ${workerClass}`, async (t) => {
    const server = await start(t, workerClass);
    const [worker = 0] = server.workers();
    t.is((await post(server, '/warm', 2 * MEGABYTE)).status, 200);
    const before = peakOf(worker);
    const chunks = 1_000_000;
    const client = rawClient(t, server.port).send(
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    for (let sent = 0; sent < chunks; sent += 100_000) client.send('1\r\na\r\n'.repeat(100_000));
    client.send('0\r\n\r\n');
    await client.receives(String(chunks));
    const grown = peakOf(worker) - before;
    t.true(grown < 100 * MEGABYTE, `${Math.round(grown / MEGABYTE)} MB for 1 MB`);
  });
}

test('bodies that are kept by other requests count, under event', async (t) => {
  const server = await start(t, 'event', '--limit-spooled-bodies', '3mb');
  const kept = post(server, '/keep', 2 * MEGABYTE);
  await server.waitFor('kept');
  t.is((await post(server, '/', 2 * MEGABYTE)).status, 503);
  server.folder.write('go', '');
  t.is((await kept).text, String(2 * MEGABYTE));
  await eventually(async () => (await post(server, '/', 2 * MEGABYTE)).status === 200);
});

test('without a setting a body of a gigabyte is the longest', async (t) => {
  const server = await start(t, 'sync');
  const head = (length: number): string => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`;
  t.regex(
    await rawClient(t, server.port)
      .send(head(2 ** 30 + 1))
      .closes(),
    /^HTTP\/1\.1 413 /,
  );
});
