import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { COMMAND, eventually, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { adminUrl, probe } from './admin-probe.ts';

const APP = `export default (req, res) => res.end('x');`;

async function health(
  args: readonly string[],
  { cwd = '.', env = {} }: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [COMMAND, 'health', ...args], {
    cwd,
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

async function served(
  t: ExecutionContext,
  args: readonly string[] = [],
): Promise<{ url: string; address: string; server: Awaited<ReturnType<typeof startServer>> }> {
  const server = await startServer(t, { app: APP, args: ['--admin-bind', '127.0.0.1:0', ...args] });
  const url = await adminUrl(server);
  await eventually(async () => (await probe(url, '/readyz')).status === 200);
  return { url, address: new URL(url).host, server };
}

test('gunicorn health is 0 when the server is ready, and 1 when a stop was asked for', async (t) => {
  const { address, server } = await served(t, ['--shutdown-delay', '20']);
  t.deepEqual(await health(['--admin-bind', address]), { code: 0, output: '1 of 1 workers serve\n' });
  t.is((await health([], { env: { GUNICORN_CMD_ARGS: `--admin-bind=${address}` } })).code, 0);
  server.signal('SIGTERM');
  await server.waitFor('the stop begins in 20 s');
  const { code, output } = await health(['--admin-bind', address]);
  t.is(code, 1);
  t.regex(output, /a stop is about to begin/);
  t.is((await health(['--live', '--admin-bind', address])).code, 0);
  t.is((await health(['--startup', '--admin-bind', address])).code, 0);
});

test('gunicorn health finds the address in the configuration file', async (t) => {
  const server = await startServer(t, {
    files: {
      'app.ts': APP,
      'gunicorn.conf.ts': `export default { app: './app.ts', adminBind: 'unix:admin.sock' };`,
    },
  });
  await adminUrl(server);
  t.is((await health([], { cwd: server.folder.path })).code, 0);
});

test('gunicorn health is 1 when nobody listens, nobody answers, or somebody else does', async (t) => {
  const silent = createServer(() => {});
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => silent.close());
  const { port } = silent.address() as { port: number };
  const late = await health(['--timeout', '0.3', '--admin-bind', `127.0.0.1:${port}`]);
  t.deepEqual(late, { code: 1, output: 'no answer within 0.3 s\n' });
  t.is((await health(['--admin-bind', '127.0.0.1:1'])).code, 1);
  const other = createServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const { port: mail } = other.address() as { port: number };
  t.is((await health(['--admin-bind', `127.0.0.1:${mail}`])).code, 1);
});

test('gunicorn health says what is wrong with its words, and exits 2', async (t) => {
  t.is((await health(['--timeout', 'soon'])).code, 2);
  t.is((await health(['--admin-bind', 'nonsense'])).code, 2);
});
