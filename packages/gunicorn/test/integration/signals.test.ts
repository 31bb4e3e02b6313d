import { readFileSync, renameSync } from 'node:fs';
import { eventually, isRunning, processesGone, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APP } from './apps.ts';

const DEBUG = ['--log-level', 'debug'];
const NODE = process.env['GUNICORN_TEST_NODE'] ?? process.execPath;

/** Runs a command at a terminal of its own, which a WINCH to this program resizes; ends when the command does. */
const TERMINAL = `
import fcntl, os, pty, signal, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
resize = lambda *_: fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 120, 0, 0))
signal.signal(signal.SIGWINCH, resize)
try:
    while output := os.read(terminal, 65536): os.write(1, output)
except OSError: pass
`;

test('TERM lets a request finish and ends the server with 0', async (t) => {
  const server = await startServer(t, { app: APP });
  const slow = request(`${server.url}/slow`);
  await server.waitFor('slow request begins');
  server.signal('SIGTERM');
  t.is((await slow).status, 200);
  t.is((await server.exit).code, 0);
});

for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
  test(`${signal} leaves at once with 0`, async (t) => {
    const server = await startServer(t, { app: APP });
    const slow = request(`${server.url}/wait`);
    await server.waitFor('a request waits');
    server.signal(signal);
    await t.throwsAsync(slow, undefined, 'it did not wait for the request');
    t.is((await server.exit).code, 0);
  });
}

test('INT ends a server with a worker that is stuck for ever', async (t) => {
  const server = await startServer(t, { app: APP });
  request(`${server.url}/spin`).catch(() => {});
  await request(server.url, { timeoutMs: 300 }).catch(() => {});
  server.signal('SIGINT');
  t.is((await server.exit).code, 0);
});

test('TTIN and TTOU change the number of workers', async (t) => {
  const server = await startServer(t, { app: APP, args: DEBUG });
  await server.waitFor('is ready');
  server.signal('SIGTTIN');
  await server.waitFor('is ready', { times: 2 });
  t.is(server.workers().length, 2);
  server.signal('SIGTTOU');
  await server.waitFor('Worker exiting');
  await server.waitFor('has left');
  t.is(server.workers().length, 1);
  t.is((await request(server.url)).status, 200);
});

test('WINCH drains all workers and keeps the listeners; HUP brings the workers back', async (t) => {
  const args = ['--workers', '2', ...DEBUG];
  const server = await startServer(t, { app: APP, args, node: 'setsid', nodeArgs: [NODE] });
  await server.waitFor('is ready', { times: 2 });
  server.signal('SIGWINCH');
  await server.waitFor('has left', { times: 2 });
  t.deepEqual(server.workers(), []);
  const waiting = request(server.url);
  server.signal('SIGHUP');
  t.is((await waiting).status, 200, 'the connection waited in the kernel');
});

test('a terminal that is resized drains no worker', async (t) => {
  const server = await startServer(t, {
    app: APP,
    args: DEBUG,
    node: 'python3',
    nodeArgs: ['-c', TERMINAL, NODE],
  });
  const before = (await request(server.url)).text;
  server.signal('SIGWINCH');
  await server.waitFor('Signal ignored: winch');
  t.is((await request(server.url)).text, before);
  t.notRegex(server.log(), /Handling signal/);
});

for (const signal of ['SIGHUP', 'SIGUSR2', 'SIGWINCH', 'SIGTTIN', 'SIGTTOU'] as const) {
  test(`${signal} to a worker does not end it`, async (t) => {
    const server = await startServer(t, { app: APP });
    const [worker] = server.workers() as [number];
    process.kill(worker, signal);
    t.is((await request(server.url)).text, String(worker));
    t.true(isRunning(worker));
  });
}

test('TERM to a worker drains it, and another one takes its place', async (t) => {
  const server = await startServer(t, { app: APP });
  const [worker] = server.workers() as [number];
  const slow = request(`${server.url}/slow`);
  await server.waitFor('slow request begins');
  process.kill(worker, 'SIGTERM');
  t.is((await slow).text, String(worker));
  await processesGone([worker], 20_000);
  t.not((await request(server.url)).text, String(worker));
});

for (const signal of ['SIGINT', 'SIGQUIT', 'SIGABRT', 'SIGKILL'] as const) {
  test(`a worker that ${signal} ended is replaced`, async (t) => {
    const server = await startServer(t, { app: APP });
    const [worker] = server.workers() as [number];
    process.kill(worker, signal);
    await processesGone([worker], 20_000);
    t.not((await request(server.url)).text, String(worker));
    t.is((await server.stop()).code, 0);
  });
}

test('USR1 re-opens the log files of the arbiter and of the workers', async (t) => {
  const args = ['--log-file', 'error.log', '--access-logfile', 'access.log'];
  const server = await startServer(t, { app: APP, args, until: 'spawned' });
  const read = (name: string): string => readFileSync(server.folder.file(name), 'utf8');
  const url = await urlFromLog(server.folder.file('error.log'));
  await request(`${url}/before`);
  // A line may come a few milliseconds behind its response.
  await eventually(() => read('access.log').includes('GET /before'));
  for (const name of ['error.log', 'access.log']) {
    renameSync(server.folder.file(name), server.folder.file(`${name}.1`));
  }
  server.signal('SIGUSR1');
  await eventually(() => server.folder.has('error.log') && server.folder.has('access.log'));
  // The workers hear of it a moment after the arbiter.
  await eventually(async () => {
    await request(`${url}/meanwhile`);
    return read('access.log').includes('GET /meanwhile');
  });
  await request(`${url}/after`);
  await eventually(() => read('access.log').includes('GET /after'));
  t.false(read('access.log.1').includes('GET /after'));
  t.true(read('access.log.1').includes('GET /before'));
  server.signal('SIGTERM');
  await server.exit;
  t.regex(read('error.log'), /Shutting down: Master/);
  t.notRegex(read('error.log.1'), /Shutting down: Master/);
});

async function urlFromLog(file: string): Promise<string> {
  let url: string | undefined;
  await eventually(() => {
    url = /Listening at: (\S+)/.exec(tryRead(file))?.[1];
    return url !== undefined;
  });
  return url as string;
}

function tryRead(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGTTIN'] as const) {
  test(`${signal} before the arbiter listens does not end the start`, async (t) => {
    // Loading the configuration takes until the signal has come.
    const config = `
      console.error('loading the configuration');
      await new Promise((resolve) => setTimeout(resolve, 300));
      export default {};
    `;
    const server = await startServer(t, { app: APP, config, until: 'spawned' });
    await server.waitFor('loading the configuration');
    server.signal(signal);
    await server.started('answering');
    t.is((await server.stop()).code, 0);
  });
}
