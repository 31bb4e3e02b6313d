import { createHash } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { json } from 'node:stream/consumers';
import { once } from 'node:events';
import {
  freePort,
  eventually,
  makeCertificate,
  processesGone,
  rawClient,
  request,
  startLoad,
  startServer,
  type Server,
} from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { ACCEPTED, APPLICATION, HANDSHAKE, type Seen } from './application.ts';
import { exportIn, installed, project, run, start } from './export-command.ts';

const version = installed('nginx', '-v');
const withNginx = version === undefined ? test.skip : test;
const withTls = installed('openssl', 'version') === undefined ? test.skip : withNginx;
/** For what keeps a processor busy. */
const serially = version === undefined ? test.skip : test.serial;
if (version === undefined)
  console.log('nginx is not installed: what it makes of its configuration is not tested');

const SITE = ['--server-name', 'shop.test', '--server-name', '127.0.0.1', '--streaming', '/events/'];
const HOST = { host: 'shop.test' };

interface Front {
  readonly server: Server;
  /** Of nginx. */
  readonly port: number;
  readonly url: string;
  readonly tlsPort: number;
}

/** Our server, and in front of it the real nginx with what `gunicorn export` wrote for it. */
async function behindNginx(
  t: ExecutionContext,
  upstream: 'unix' | 'tcp',
  args: readonly string[] = [],
  site: readonly string[] = [],
): Promise<Front> {
  const flags = ['-k', 'event', '-w', '2', ...args];
  const server = await startServer(t, {
    app: APPLICATION,
    args: flags,
    files: { 'static/page.txt': 'from a file' },
    ...(upstream === 'unix' && { bind: ['unix:http.sock'] }),
  });
  const { folder } = server;
  const [port, tlsPort] = [await freePort(), await freePort()];
  const bind = upstream === 'unix' ? `unix:${folder.file('http.sock')}` : `127.0.0.1:${server.port}`;
  const exported = await exportIn(folder, [
    'nginx',
    ...SITE,
    ...site,
    '--static',
    `/static/=${folder.file('static')}`,
    '-b',
    bind,
    ...flags,
    'app.ts',
  ]);
  t.is(exported.code, 0, exported.stderr);
  folder.write('site.conf', moved(exported.stdout, port, tlsPort));
  folder.write('nginx.conf', mainFile(folder.path));
  const words = ['nginx', '-p', folder.path, '-c', folder.file('nginx.conf'), '-e', 'stderr'] as const;
  const judgement = await run(words[0], [...words.slice(1), '-t']);
  t.is(judgement.code, 0, judgement.stderr);
  t.notRegex(judgement.stderr, /warn/);
  start(t, [...words], { signal: 'SIGTERM' });
  const url = `http://127.0.0.1:${port}`;
  await eventually(
    async () => [200, 308].includes((await request(url).catch(() => undefined))?.status ?? 0),
    'nginx',
  );
  return { server, port, url, tlsPort };
}

/** Ports 80 and 443 of every address are not ours to take in a test. */
function moved(site: string, port: number, tlsPort: number): string {
  return site
    .replaceAll(/^( *listen )80/gm, `$1127.0.0.1:${port}`)
    .replaceAll(/^( *listen )443/gm, `$1127.0.0.1:${tlsPort}`)
    .replaceAll(/^ *listen \[::\]:.*\n/gm, '');
}

function mainFile(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 512; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/nginx-${name};`).join('\n  ')}
  include ${folder}/site.conf;
}
`;
}

for (const upstream of ['unix', 'tcp'] as const) {
  withNginx(
    `${upstream}: the application sees the host, the scheme and the address of the client`,
    async (t) => {
      const { url } = await behindNginx(t, upstream);
      const { status, text } = await request(`${url}/a%20path?x=1`, { headers: HOST });
      t.is(status, 200);
      const seen = JSON.parse(text) as Seen;
      t.is(seen.url, '/a%20path?x=1');
      t.is(seen.headers['host'], 'shop.test');
      t.is(seen.headers['x-forwarded-for'], '127.0.0.1');
      t.is(seen.headers['x-forwarded-proto'], 'http');
      t.is(seen.headers['upgrade'], undefined);
    },
  );

  withNginx(`${upstream}: a WebSocket goes through`, async (t) => {
    const { port } = await behindNginx(t, upstream);
    const client = rawClient(t, port).send(HANDSHAKE);
    t.true((await client.receives('\r\n\r\n')).includes(`Sec-WebSocket-Accept: ${ACCEPTED}`));
    client.send('there and back');
    t.true((await client.receives('there and back')).startsWith('HTTP/1.1 101 '));
  });

  serially(`${upstream}: 100 MB arrive whole`, async (t) => {
    const { url } = await behindNginx(t, upstream);
    const body = Buffer.alloc(100 * 2 ** 20, 'a hundred megabytes, ');
    const { status, text } = await request(`${url}/upload`, {
      method: 'POST',
      headers: HOST,
      body,
      timeoutMs: 60_000,
    });
    t.is(status, 200, text);
    t.deepEqual(JSON.parse(text), {
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    });
  });

  withNginx(`${upstream}: a stream arrives piece by piece`, async (t) => {
    const { url } = await behindNginx(t, upstream, ['-w', '1']);
    const asked = get(`${url}/events/`, { headers: HOST, agent: false });
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    // Not by events: a piece that arrives between two listeners would be lost.
    const pieces = response.setEncoding('utf8')[Symbol.asyncIterator]();
    t.is((await pieces.next()).value, 'one,');
    await request(`${url}/release`, { headers: HOST });
    t.is((await pieces.next()).value, 'two');
    t.true((await pieces.next()).done);
  });

  serially(`${upstream}: 5 reloads of the server lose no request`, async (t) => {
    const { server, url } = await behindNginx(t, upstream);
    const load = startLoad({ url, newConnections: 3, keepAlive: 3 });
    await load.more(100);
    for (let round = 0; round < 5; round += 1) {
      const before = server.workers();
      server.signal('SIGHUP');
      await processesGone(before, 30_000);
    }
    await load.more(100);
    const { failures, requests } = await load.stop();
    t.deepEqual(failures, []);
    t.log(`${requests} requests`);
  });
}

withNginx('a host that is not served gets no answer', async (t) => {
  const { url } = await behindNginx(t, 'tcp');
  await t.throwsAsync(request(url, { headers: { host: 'other.test' } }), { message: /hang up|ECONNRESET/ });
});

withTls('two sites side by side pass nginx -t, one of them by TLS', async (t) => {
  const folder = project(t);
  const { certfile, keyfile } = makeCertificate(folder);
  const sites = folder.file('conf.d');
  for (const [name, words] of [
    ['one', []],
    ['two', ['--tls-certificate', certfile, '--tls-key', keyfile]],
    ['three', []],
  ] as const) {
    const site = ['nginx', '--name', name, '--server-name', `${name}.test`, '--output', sites];
    const exported = await exportIn(folder, [...site, ...words, 'app.ts']);
    t.is(exported.code, 0, exported.stderr);
  }
  folder.write('site.conf', `include ${sites}/*.conf;`);
  folder.write('nginx.conf', mainFile(folder.path));
  const main = ['-p', folder.path, '-c', folder.file('nginx.conf'), '-e', 'stderr'];
  const judgement = await run('nginx', [...main, '-t']);
  t.is(judgement.code, 0, judgement.stderr);
  t.notRegex(judgement.stderr, /warn/);
});

withTls('by TLS the application sees https, and plain HTTP leads there', async (t) => {
  const folder = project(t);
  const { certfile, keyfile } = makeCertificate(folder);
  const site = ['--tls-certificate', certfile, '--tls-key', keyfile];
  const { url, tlsPort } = await behindNginx(t, 'unix', [], site);
  const plain = await request(`${url}/page?x=1`, { headers: HOST });
  t.is(plain.status, 308);
  t.is(plain.headers['location'], 'https://shop.test/page?x=1');
  // With the name in the handshake, by which nginx picks the site; `request` would name the address.
  const asked = https.get({
    host: '127.0.0.1',
    port: tlsPort,
    servername: 'shop.test',
    headers: HOST,
    agent: false,
    rejectUnauthorized: false,
  });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const seen = (await json(response)) as Seen;
  t.is(seen.headers['x-forwarded-proto'], 'https');
});

withNginx('static files are answered by nginx', async (t) => {
  const { url } = await behindNginx(t, 'tcp');
  const { status, text, headers } = await request(`${url}/static/page.txt`, { headers: HOST });
  t.is(status, 200);
  t.is(text, 'from a file');
  t.is(headers['x-worker-pid'], undefined);
});

withNginx('a body above limitRequestBody is refused by nginx', async (t) => {
  const { url } = await behindNginx(t, 'tcp', ['--limit-request-body', '1000']);
  const send = (bytes: number): ReturnType<typeof request> =>
    request(`${url}/upload`, { method: 'POST', headers: HOST, body: 'x'.repeat(bytes) });
  t.is((await send(1000)).status, 200);
  const refused = await send(1001);
  t.is(refused.status, 413);
  t.true(refused.text.includes('nginx'), refused.text);
});
