import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import {
  Folder,
  makeCertificate,
  processesGone,
  type Load,
  type Server,
  startLoad,
  startServer,
} from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const run = promisify(execFile);

const isInstalled = spawnSync('h2load', ['--version']).error === undefined;
if (!isInstalled)
  console.log('nghttp2-client is not installed: h2load and nghttp are not tried on the server');
const withTools = isInstalled ? test : test.skip;

const APP = `
export default function app(request, response) {
  response.setHeader('X-Worker-Pid', process.pid);
  response.end(request.url === '/large' ? Buffer.alloc(1_000_000, 'x') : 'hello ' + request.httpVersion);
}
`;

const WORKERS = 2;
const BOOTING = /Booting worker with pid/;
const EVENT = ['-k', 'event', '--http-protocols', 'h2,h1'];
const CLEARTEXT = [...EVENT, '--http2-cleartext', 'prior-knowledge'];

async function underLoad(t: ExecutionContext, args: readonly string[] = []): Promise<[Server, Load]> {
  const server = await startServer(t, { app: APP, args: [...CLEARTEXT, '--workers', `${WORKERS}`, ...args] });
  await server.waitFor(BOOTING, { times: WORKERS });
  const load = startLoad({ url: server.url, http2: 6, keepAlive: 2 });
  await load.more(100);
  return [server, load];
}

async function nothingLost(t: ExecutionContext, load: Load): Promise<void> {
  await load.more(100);
  const { failures, byClient } = await load.stop();
  t.deepEqual(failures, []);
  t.true((byClient['http2'] ?? 0) > 0 && (byClient['keep-alive'] ?? 0) > 0);
}

test.serial('reloads lose no request of a connection that is kept', async (t) => {
  const [server, load] = await underLoad(t);
  for (let round = 0; round < 5; round += 1) {
    const before = server.workers();
    server.signal('SIGHUP');
    await processesGone(before, 20_000);
  }
  await nothingLost(t, load);
});

test.serial('recycling by maxRequests loses no request', async (t) => {
  const [server, load] = await underLoad(t, ['--max-requests', '300']);
  await server.waitFor(BOOTING, { times: WORKERS + 6, timeoutMs: 60_000 });
  await nothingLost(t, load);
});

test.serial('an upgrade by USR2, and TERM to the old arbiter, lose no request', async (t) => {
  const [server, load] = await underLoad(t);
  const from = server.lines.length;
  server.signal('SIGUSR2');
  await server.waitFor(BOOTING, { from, times: WORKERS });
  await load.more(100);
  server.signal('SIGTERM');
  t.is((await server.exit).code, 0);
  await server.waitFor(/promoted/, { from });
  await nothingLost(t, load);
});

test('h2 that no client can ask for is warned of', async (t) => {
  const server = await startServer(t, { app: APP, args: [...EVENT, '--check-config'], until: 'spawned' });
  t.is((await server.exit).code, 0);
  t.regex(server.log(), /httpProtocols names h2, which no client can ask for without TLS/);
});

withTools('h2load finds every request answered, by TLS and without', async (t) => {
  const folder = new Folder({});
  t.teardown(() => folder.remove());
  const { certfile, keyfile } = makeCertificate(folder);
  for (const args of [CLEARTEXT, [...EVENT, '--certfile', certfile, '--keyfile', keyfile]]) {
    const server = await startServer(t, { app: APP, args });
    for (const [requests, path] of [
      ['3000', '/'],
      ['200', '/large'],
    ] as const) {
      const { stdout } = await run('h2load', [
        '-n',
        requests,
        '-c',
        '10',
        '-m',
        '10',
        `${server.url}${path}`,
      ]);
      t.regex(stdout, /Application protocol: h2c?/);
      t.regex(stdout, new RegExp(`${requests} done, ${requests} succeeded, 0 failed, 0 errored`));
    }
  }
});

withTools('nghttp gets what it asks for, and the access log says so', async (t) => {
  const server = await startServer(t, { app: APP, args: [...CLEARTEXT, '--access-logfile', '-'] });
  const { stdout } = await run('nghttp', [`${server.url}/some?q`]);
  t.is(stdout, 'hello 2.0');
  await server.waitFor('"GET /some?q HTTP/2.0" 200 9');
});

test('worker class sync says at load that it does not serve h2, and what to write', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--http-protocols', 'h2'], until: 'spawned' });
  t.is((await server.exit).code, 1);
  await server.waitFor(
    /httpProtocols names h2, and worker class "sync" does not serve HTTP\/2 \(flag --http-protocols\).*write workerClass: 'event'/,
  );
});

test('a mistake in a setting is explained', async (t) => {
  const config = `export default { workerClass: 'event', httpProtocols: ['h3', 'h2'], http2MaxFrameSize: 1 };`;
  const server = await startServer(t, { app: APP, config, until: 'spawned' });
  t.is((await server.exit).code, 1);
  await server.waitFor(/httpProtocols must name .*HTTP\/3 is not served/);
  await server.waitFor(/http2MaxFrameSize must be a whole number of 16384 or more, not 1/);
});
