import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import net from 'node:net';
import type { Readable } from 'node:stream';
import { duplicate } from '@gunicorn-ts/posix';
import { COMMAND, Folder, Output, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { saying } from './apps.ts';

const CLASSES = ['sync', 'event'] as const;

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '::');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Makes the resolver of the arbiter know a name. */
function knowing(name: string, addresses: readonly string[]): Record<string, string> {
  return {
    'resolver.mjs': `
      import { createRequire, syncBuiltinESMExports } from 'node:module';
      const dns = createRequire(import.meta.url)('node:dns/promises');
      const { lookup } = dns;
      dns.lookup = (host, options) => host !== '${name}' ? lookup(host, options) :
        ${JSON.stringify(addresses)}.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      syncBuiltinESMExports();`,
  };
}

async function answers(...urls: readonly string[]): Promise<string[]> {
  return Promise.all(urls.map(async (url) => (await request(url)).text));
}

for (const workerClass of CLASSES) {
  test(`[::] alone is for IPv4 as well, on one port, with the ${workerClass} worker`, async (t) => {
    const server = await startServer(t, {
      app: saying('ok'),
      bind: ['[::]:0'],
      args: ['-k', workerClass],
    });
    const { port } = server;
    t.deepEqual(server.urls, [`http://[::]:${port}`, `http://0.0.0.0:${port}`]);
    t.deepEqual(await answers(`http://127.0.0.1:${port}`, `http://[::1]:${port}`), ['ok', 'ok']);
  });
}

test('an IPv4 address beside [::] on the same port keeps the other IPv4 addresses closed', async (t) => {
  const port = await freePort();
  const server = await startServer(t, { app: saying('ok'), bind: [`[::]:${port}`, `127.0.0.1:${port}`] });
  t.is(server.urls.length, 2);
  t.deepEqual(await answers(`http://127.0.0.1:${port}`, `http://[::1]:${port}`), ['ok', 'ok']);
  await t.throwsAsync(request(`http://127.0.0.2:${port}`), { message: /ECONNREFUSED/ });
});

test('a reload may write or drop the IPv4 address beside [::], and both stay open', async (t) => {
  const port = await freePort();
  const config = (bind: readonly string[]): string => `export default { bind: ${JSON.stringify(bind)} };`;
  const server = await startServer(t, {
    app: saying('ok'),
    bind: [],
    config: config([`[::]:${port}`]),
    until: 'listening',
  });
  for (const bind of [
    [`[::]:${port}`, `0.0.0.0:${port}`],
    [`[::]:${port}`],
    [`[::]:${port}`, `127.0.0.1:${port}`],
    [`[::]:${port}`],
  ]) {
    server.folder.write('gunicorn.conf.ts', config(bind));
    const from = server.lines.length;
    server.signal('SIGHUP');
    await server.waitFor('Reload complete', { from });
    t.deepEqual(await answers(`http://127.0.0.1:${port}`, `http://[::1]:${port}`), ['ok', 'ok']);
    if (bind.includes(`127.0.0.1:${port}`)) {
      await t.throwsAsync(request(`http://127.0.0.2:${port}`), { message: /ECONNREFUSED/ });
    } else t.deepEqual(await answers(`http://127.0.0.2:${port}`), ['ok']);
  }
  t.deepEqual(server.matching(/in use|Reload failed/), []);
});

for (const args of [[], ['--reuse-port', '--workers', '2']]) {
  test(`a name is bound at all its addresses, through reloads and upgrades ${args.join(' ')}`, async (t) => {
    const server = await startServer(t, {
      app: saying('ok'),
      files: knowing('shop.test', ['127.0.0.1', '::1', '127.0.0.1']),
      nodeArgs: ['--import', './resolver.mjs'],
      bind: ['shop.test:0'],
      args,
    });
    const { port } = server;
    const urls = [`http://127.0.0.1:${port}`, `http://[::1]:${port}`];
    t.deepEqual(server.urls, urls);
    server.signal('SIGHUP');
    await server.waitFor('Worker exiting');
    t.deepEqual(await answers(...urls), ['ok', 'ok']);
    const from = server.lines.length;
    server.signal('SIGUSR2');
    // The second worker of the reload may be on its way yet.
    await server.waitFor('Listening at', { from });
    await server.waitFor('Booting worker', { from, times: args.length === 0 ? 1 : 2 });
    await server.stop();
    await server.waitFor('Master has been promoted.');
    t.deepEqual(await answers(...urls), ['ok', 'ok']);
    t.true(server.matching(/Listening at/, from).every((line) => urls.every((url) => line.includes(url))));
  });
}

test('an address of a name that this host does not have is left out, and named', async (t) => {
  const server = await startServer(t, {
    app: saying('ok'),
    files: knowing('shop.test', ['127.0.0.1', '2001:db8::9']),
    nodeArgs: ['--import', './resolver.mjs'],
    bind: ['shop.test:0'],
  });
  t.is(server.urls.length, 1);
  await server.waitFor(/shop\.test:0 is not listened on at 2001:db8::9.*EADDRNOTAVAIL/);
  t.is((await request(server.url)).text, 'ok');
});

test('a name of which this host has no address is refused', async (t) => {
  const server = await startServer(t, {
    app: saying('ok'),
    files: knowing('shop.test', ['192.0.2.77', '2001:db8::9']),
    nodeArgs: ['--import', './resolver.mjs'],
    bind: ['shop.test:0'],
    until: 'spawned',
  });
  t.is((await server.exit).code, 1);
  t.regex(server.log(), /cannot listen on shop\.test:0.*does not have that address/);
});

/** A socket for both families, as systemd opens it, in the hands of the command. */
async function startOnDualStack(
  t: ExecutionContext,
  app: string,
  args: readonly string[],
): Promise<{ port: number; log: Output }> {
  const server = net.createServer().listen({ port: 0, host: '::' });
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const { _handle: handle } = server as unknown as { _handle: { fd: number } };
  const fd = duplicate(handle.fd);
  server.close();
  const folder = new Folder({ 'app.ts': app });
  const child = spawn(process.execPath, [COMMAND, '--bind', 'fd://3', ...args, 'app.ts'], {
    cwd: folder.path,
    stdio: ['ignore', 'pipe', 'pipe', fd],
  });
  closeSync(fd);
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGTERM');
    await ended;
    folder.remove();
  });
  const log = new Output();
  log.collect(child.stderr as Readable);
  log.collect(child.stdout as Readable);
  await log.waitFor('Booting worker');
  return { port, log };
}

const NODE = `export default (request, response) => response.end(
  [request.socket.remoteAddress, request.socket.remoteFamily, request.socket.localAddress].join());`;
const FETCH = `export default (request, info) => new Response(
  info?.incoming?.socket?.remoteAddress ?? info?.remoteAddress ?? JSON.stringify(Object.keys(info ?? {})));`;
const WSGI = `export default (environ, start_response) => {
  start_response('200 OK', []);
  return [Buffer.from(environ.REMOTE_ADDR + ',' + environ['wsgi.url_scheme'])];
};`;

const KINDS: readonly [kind: string, app: string, expected: string][] = [
  ['node', NODE, '127.0.0.1,IPv4,127.0.0.1'],
  ['fetch', FETCH, '127.0.0.1'],
  ['wsgi', WSGI, '127.0.0.1,https'],
];

for (const workerClass of CLASSES) {
  for (const [kind, app, expected] of KINDS) {
    test(`an IPv4 client of a dual-stack socket is one, for ${kind} and the ${workerClass} worker`, async (t) => {
      const args = ['-k', workerClass, '--application-kind', kind, '--access-logfile', '-'];
      const format = ['--access-logformat', 'from <%(h)s>'];
      const { port, log } = await startOnDualStack(t, app, [...args, ...format]);
      const headers = { 'x-forwarded-proto': 'https' };
      t.is((await request(`http://127.0.0.1:${port}`, { headers })).text, expected);
      await log.waitFor('from <127.0.0.1>');
    });
  }

  test(`rules for IPv4 hold on a dual-stack socket, with the ${workerClass} worker`, async (t) => {
    const args = [
      '-k',
      workerClass,
      '--application-kind',
      'wsgi',
      '--proxy-protocol',
      '--proxy-allow-from',
      '127.0.0.1',
    ];
    const { port, log } = await startOnDualStack(t, WSGI, [...args, '--access-logfile', '-']);
    const socket = net.connect(port, '127.0.0.1');
    socket.end(
      'PROXY TCP6 ::ffff:198.51.100.7 ::1 1 2\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    socket.setEncoding('utf8');
    let text = '';
    for await (const chunk of socket) text += chunk as string;
    t.regex(text, /198\.51\.100\.7,http/);
    await log.waitFor(/^198\.51\.100\.7 /m);
  });
}
