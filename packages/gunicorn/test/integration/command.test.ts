import { createServer } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { builtinDefinitions } from '@gunicorn-ts/config';
import { startServer, type Server, type ServerOptions } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const APP = 'export default (request: unknown, response: { end(text: string): void }) => response.end("ok");';

const { version: VERSION } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

async function run(
  t: ExecutionContext,
  options: ServerOptions,
): Promise<{ code: number | null; log: string; server: Server }> {
  const server = await startServer(t, { bind: [], ...options, until: 'spawned' });
  const { code } = await server.ended();
  return { code, log: server.log(), server };
}

function hasNoStack(t: ExecutionContext, log: string): void {
  t.notRegex(log, /^\s+at .*(packages\/|node:)/m, 'an error for the operator has no stack trace of ours');
}

test('--version says which Gunicorn this is, its version and its Node.js, on stdout, and exits 0', async (t) => {
  const { code, log } = await run(t, { args: ['--version'] });
  t.is(code, 0);
  const node = /\d+\.\d+\.\d+$/.exec(log.trim())?.[0];
  t.is(log.trim(), `gunicorn-ts (version ${VERSION}): Gunicorn in TypeScript, on Node.js ${node}`);
});

test('the version is one that a release has or will have, and the first line of the log says it', async (t) => {
  t.regex(VERSION, /^(?!0\.0\.0)\d+\.\d+\.\d+(-\w+)?$/);
  const server = await startServer(t, { app: APP });
  t.true(server.lines[0]?.includes(`] Starting gunicorn-ts ${VERSION} on Node.js `), server.lines[0]);
});

test('--help lists every flag with its default, by section, and exits 0', async (t) => {
  const { code, log } = await run(t, { args: ['--help'] });
  t.is(code, 0);
  for (const { section, flag } of builtinDefinitions) {
    for (const name of [...(flag?.names ?? []), flag?.short ?? '']) t.true(log.includes(name), name);
    if (flag !== undefined) t.true(log.includes(`\n${section}:\n`), section);
  }
  t.regex(log, /--backlog INT [^]*?\[default:\s+2048\]/);
});

test('an unknown flag exits 2 and suggests the one that was meant', async (t) => {
  const { code, log } = await run(t, { args: ['--worker-conections', '5'], app: APP });
  t.is(code, 2);
  t.regex(log, /--worker-conections[^]*--worker-connections/);
  hasNoStack(t, log);
});

test('no application exits 1 and says what to write', async (t) => {
  const { code, log } = await run(t, {});
  t.is(code, 1);
  t.regex(log, /No application module specified/i);
  hasNoStack(t, log);
});

const mistakes: readonly [title: string, config: string, message: RegExp][] = [
  ['an unknown key', 'export default { workres: 2 };', /workres.*gunicorn\.conf\.ts:1.*workers/s],
  ['a wrong type', 'export default { workers: "two" };', /workers.*"two".*gunicorn\.conf\.ts:1/s],
  ["Gunicorn's spelling of a key", 'export default { max_requests: 10 };', /max_requests.*maxRequests/s],
  [
    'a certificate that is not there',
    'export default { certfile: "/no/cert.pem", keyfile: "/no/key.pem" };',
    /certfile.*\/no\/cert\.pem/s,
  ],
  ['a user that does not exist', 'export default { user: "no-such-user" };', /user.*no-such-user/s],
  [
    'a worker class that does not exist',
    'export default { workerClass: "no-such-worker" };',
    /workerClass.*no-such-worker.*event/s,
  ],
  ...(
    [
      ['tornado', /Tornado's own loop/],
      ['egg:meinheld#gunicorn_worker', /no longer maintained; write 'gthread'/],
      ['aiohttp.GunicornWebWorker', /python -m aiohttp\.web/],
      ['hypercorn.workers.Worker', /for an ASGI application write 'asgi'/],
      ['mysite.workers.MyWorker', /a class in Python cannot run here/],
    ] as const
  ).map(
    ([name, cure]) =>
      [
        `a worker class of Gunicorn's world, ${name}`,
        `export default { workerClass: "${name}", app: "app.ts" };`,
        cure,
      ] as [string, string, RegExp],
  ),
  ['a syntax error in the file', 'export default { workers: ', /gunicorn\.conf\.ts/],
  [
    'a pid file in a directory that does not exist',
    'export default { pidfile: "/no/such/dir/pid", bind: "127.0.0.1:0" };',
    /pidfile.*\/no\/such\/dir/s,
  ],
  ['an address of another machine', 'export default { bind: "192.0.2.1:8000" };', /bind.*192\.0\.2\.1:8000/s],
  [
    'an unwritable log file',
    'export default { errorlog: "/no/such/dir/log", bind: "127.0.0.1:0" };',
    /errorlog.*\/no\/such\/dir\/log/s,
  ],
];

for (const [title, config, message] of mistakes) {
  test(`${title} is one sentence with the cure, and exits 1`, async (t) => {
    const { code, log } = await run(t, { app: APP, config });
    t.is(code, 1);
    t.regex(log, message);
    hasNoStack(t, log);
  });
}

test('a worker class that throws while it is loaded is named with the place', async (t) => {
  const { code, log } = await run(t, {
    app: APP,
    files: { 'mine.ts': 'const limit = 1;\nthrow new RangeError("no room");\n' },
    args: ['--worker-class', './mine.ts'],
  });
  t.is(code, 1);
  t.regex(
    log,
    /workerClass: '\.\/mine\.ts' could not be loaded.*RangeError: no room \[ERR_WORKER_CLASS_NOT_LOADABLE\]\n +at \S+mine\.ts:2:7/s,
  );
  hasNoStack(t, log);
});

test('a port in use is tried five times and then named, and the server exits 1', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.teardown(() => void other.close());
  await once(other, 'listening');
  const address = `127.0.0.1:${(other.address() as { port: number }).port}`;
  const { code, log } = await run(t, { app: APP, bind: [address] });
  t.is(code, 1);
  t.is(log.match(/Connection in use/g)?.length, 4);
  t.regex(log, new RegExp(`bind: ${address} is in use`));
  hasNoStack(t, log);
});

test('TERM while a busy port is being retried ends the start with 0', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.teardown(() => void other.close());
  await once(other, 'listening');
  const address = `127.0.0.1:${(other.address() as { port: number }).port}`;
  const server = await startServer(t, { app: APP, bind: [address], until: 'spawned' });
  await server.waitFor('Connection in use');
  t.is((await server.stop()).code, 0);
});

test('the pid file of a running server is respected', async (t) => {
  const first = await startServer(t, { app: APP, args: ['--pid', 'app.pid'] });
  const second = await run(t, {
    app: APP,
    bind: ['127.0.0.1:0'],
    args: ['--pid', first.folder.file('app.pid')],
  });
  t.is(second.code, 1);
  t.regex(second.log, new RegExp(`running on PID ${first.pid}`));
  hasNoStack(t, second.log);
});

test('a stale pid file is overwritten', async (t) => {
  const server = await startServer(t, {
    app: APP,
    files: { 'app.pid': '999999999\n' },
    args: ['--pid', 'app.pid'],
  });
  t.is(readFileSync(server.folder.file('app.pid'), 'utf8'), `${server.pid}\n`);
  await server.stop();
  t.false(server.folder.has('app.pid'));
});

test('--print-config says of each value where it came from', async (t) => {
  const { code, log } = await run(t, {
    app: APP,
    config: 'export default {\n  timeout: 12,\n};',
    args: ['--print-config', '--workers', '3'],
    env: { GUNICORN_CMD_ARGS: '--keep-alive 9', PORT: '8123' },
  });
  t.is(code, 0);
  t.regex(log, /^timeout\s.*12.*gunicorn\.conf\.ts:2/m);
  t.regex(log, /^workers\s.*3.*flag --workers/m);
  t.regex(log, /^keepalive\s.*9.*GUNICORN_CMD_ARGS/m);
  t.regex(log, /^bind\s.*0\.0\.0\.0:8123.*PORT/m);
  t.regex(log, /^backlog\s.*2048.*default/m);
});

test('--check-config exits 0 and says nothing when settings and application are right', async (t) => {
  const { code, log } = await run(t, { app: APP, args: ['--check-config'] });
  t.is(code, 0);
  t.is(log.trim(), '');
});

test('--check-config shows what is odd and not wrong, with its source', async (t) => {
  const { code, log } = await run(t, { app: APP, args: ['--check-config', '--max-requests-jitter', '5'] });
  t.is(code, 0);
  t.is(
    log.trim(),
    'Warning: maxRequestsJitter has no effect while maxRequests is 0 (flag --max-requests-jitter)',
  );
});

test('--check-config loads the application and reports what it throws', async (t) => {
  const { code, log } = await run(t, {
    app: 'throw new TypeError("cannot start");',
    args: ['--check-config'],
  });
  t.is(code, 3);
  t.regex(log, /TypeError: cannot start/);
});

test('a later source wins over an earlier one', async (t) => {
  const server = await startServer(t, {
    app: APP,
    config: 'export default { workers: 1, procName: "file" };',
    args: ['--workers', '3'],
    env: { WEB_CONCURRENCY: '5', GUNICORN_CMD_ARGS: '--workers=2' },
  });
  await server.waitFor('Booting worker', { times: 3 });
  t.is(server.workers().length, 3);
});

test('a configuration file may be a function and may use what it imports', async (t) => {
  const server = await startServer(t, {
    app: APP,
    until: 'spawned',
    bind: [],
    config:
      'import { n } from "./n.ts"; enum E { Two = 2 }\nexport default async () => ({ bind: "127.0.0.1:0", workers: n + E.Two - 2 });',
    files: { 'n.ts': 'export const n: number = 2;' },
  });
  await server.waitFor('Booting worker', { times: 2 });
  t.pass();
});
