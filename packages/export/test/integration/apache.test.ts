import { chmodSync } from 'node:fs';
import { freePort, eventually, rawClient, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { ACCEPTED, APPLICATION, HANDSHAKE, type Seen } from './application.ts';
import { exportIn, installed, run, start } from './export-command.ts';

const version = installed('apache2', '-v');
const withApache = version === undefined || installed('apachectl', '-v') === undefined ? test.skip : test;
if (version === undefined)
  console.log('apache2 is not installed: what it makes of its configuration is not tested');

const HOST = { host: 'shop.test' };
const MODULES = '/usr/lib/apache2/modules';

/** Our server, and in front of it the real Apache with what `gunicorn export` wrote for it. */
async function behindApache(
  t: ExecutionContext,
  upstream: 'unix' | 'tcp',
): Promise<{ url: string; port: number }> {
  const flags = ['-k', 'event', '--keep-alive', '5'];
  const server = await startServer(t, {
    app: APPLICATION,
    args: flags,
    files: { 'static/page.txt': 'from a file' },
    ...(upstream === 'unix' && { bind: ['unix:http.sock'] }),
  });
  const { folder } = server;
  const bind = upstream === 'unix' ? `unix:${folder.file('http.sock')}` : `127.0.0.1:${server.port}`;
  const exported = await exportIn(folder, [
    'apache',
    '--server-name',
    'shop.test',
    '--static',
    `/static/=${folder.file('static')}`,
    '--streaming',
    '/events/',
    '-b',
    bind,
    ...flags,
    'app.ts',
  ]);
  t.is(exported.code, 0, exported.stderr);
  const port = await freePort();
  folder.write('site.conf', exported.stdout.replace('<VirtualHost *:80>', `<VirtualHost *:${port}>`));
  folder.write('apache2.conf', mainFile(folder.path, port));
  folder.write('envvars', `export APACHE_RUN_DIR=${folder.path}\nexport APACHE_LOCK_DIR=${folder.path}\n`);
  // Apache serves as another user, who must reach the files.
  chmodSync(folder.path, 0o755);
  const judgement = await run('apachectl', ['configtest'], {
    env: { PATH: process.env['PATH'] ?? '', APACHE_CONFDIR: folder.path },
  });
  t.is(judgement.code, 0, judgement.stderr);
  t.true(judgement.stderr.includes('Syntax OK'), judgement.stderr);
  start(t, ['apache2', '-D', 'FOREGROUND', '-d', folder.path, '-f', folder.file('apache2.conf')]);
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await request(url).catch(() => undefined))?.status === 200, 'Apache');
  return { url, port };
}

function mainFile(folder: string, port: number): string {
  const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'headers', 'alias'];
  return `
ServerRoot ${folder}
PidFile ${folder}/apache.pid
DefaultRuntimeDir ${folder}
ServerName localhost
ErrorLog ${folder}/error.log
Listen 127.0.0.1:${port}
${modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
Include ${folder}/site.conf
`;
}

for (const upstream of ['unix', 'tcp'] as const) {
  withApache(
    `${upstream}: the application sees the host, the scheme and the address of the client`,
    async (t) => {
      const { url } = await behindApache(t, upstream);
      const { status, text } = await request(`${url}/a%20path?x=1`, { headers: HOST });
      t.is(status, 200, text);
      const seen = JSON.parse(text) as Seen;
      t.is(seen.url, '/a%20path?x=1');
      t.is(seen.headers['host'], 'shop.test');
      t.is(seen.headers['x-forwarded-for'], '127.0.0.1');
      t.is(seen.headers['x-forwarded-proto'], 'http');
    },
  );

  withApache(`${upstream}: a WebSocket goes through`, async (t) => {
    const { port } = await behindApache(t, upstream);
    const client = rawClient(t, port).send(HANDSHAKE);
    t.true((await client.receives('\r\n\r\n')).includes(`Sec-WebSocket-Accept: ${ACCEPTED}`));
    client.send('there and back');
    t.true((await client.receives('there and back')).startsWith('HTTP/1.1 101 '));
  });
}

withApache('static files are answered by Apache', async (t) => {
  const { url } = await behindApache(t, 'tcp');
  const { status, text, headers } = await request(`${url}/static/page.txt`, { headers: HOST });
  t.is(status, 200);
  t.is(text, 'from a file');
  t.is(headers['x-worker-pid'], undefined);
});
