import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  eventually,
  notifySocketMisses,
  openNotifySocket,
  request,
  type Server,
  type ServerOptions,
  startServer,
} from '@gunicorn-ts/test-kit';
import ava, { type ExecutionContext } from 'ava';

const misses = notifySocketMisses();
const test = misses === undefined ? ava : ava.skip;
if (misses !== undefined) ava(`reports to systemd are not tested: ${misses}`, (t) => t.pass());

/** Says which of systemd's variables it sees. */
const APP = `import http from 'node:http';
const seen = Object.keys(process.env).filter((name) => /^(NOTIFY|WATCHDOG|LISTEN)_/.test(name));
http.createServer((request, response) => response.end(JSON.stringify(seen))).listen();
`;

type Reports = Awaited<ReturnType<typeof openNotifySocket>>;

async function start(
  t: ExecutionContext,
  options: ServerOptions & { name?: string } = {},
): Promise<{ server: Server; reports: Reports }> {
  const { name = join(tmpdir(), `notify-${randomUUID()}`), env, ...rest } = options;
  const reports = await openNotifySocket(t, name);
  const server = await startServer(t, { app: APP, ...rest, env: { NOTIFY_SOCKET: name, ...env } });
  return { server, reports };
}

test('READY=1 comes from the arbiter when every worker is ready, and the application sees nothing of it', async (t) => {
  const { server, reports } = await start(t, {
    args: ['--workers', '2'],
    env: { WATCHDOG_USEC: '60000000' },
  });
  const [line] = await reports.waitFor(/^(\d+) READY=1\|STATUS=2 workers ready\|WATCHDOG=1$/);
  t.true(line.startsWith(`${server.pid} `));
  t.is((await request(server.url)).text, '[]');
});

const onLinux = process.platform === 'linux' ? test : ava.skip;

onLinux('a name in the abstract namespace is reported to', async (t) => {
  const { reports } = await start(t, { name: `@notify-${randomUUID()}` });
  await t.notThrowsAsync(reports.waitFor('READY=1|STATUS=1 worker ready'));
});

test('READY=1 waits for an application that takes its time', async (t) => {
  const { server, reports } = await start(t, {
    app: `await new Promise((resolve) => process.once('SIGUSR2', resolve));\n${APP}`,
    until: 'listening',
  });
  await reports.waitFor('STATUS=Starting: 0 of 1 worker ready, 1 booting');
  t.false(reports.messages.some((message) => message.includes('READY=1')));
  await server.stop();
});

test('a reload, a refused reload and a stop are reported', async (t) => {
  const { server, reports } = await start(t);
  await reports.waitFor('READY=1');
  let from = reports.next;
  server.signal('SIGHUP');
  const [, usec] = await reports.waitFor(/RELOADING=1\|MONOTONIC_USEC=(\d+)\|STATUS=Reloading: /, { from });
  const age = Number(process.hrtime.bigint() / 1000n) - Number(usec);
  t.true(age >= 0 && age < 60_000_000, `${age} µs ago by CLOCK_MONOTONIC`);
  await reports.waitFor('READY=1', { from });
  await eventually(() => server.workers().length === 1);

  from = reports.next;
  server.folder.write('app.ts', 'throw new Error("no such luck");');
  server.signal('SIGHUP');
  await reports.waitFor(/READY=1\|STATUS=1 worker ready.*; the last reload was refused: .*no such luck/, {
    from,
  });

  from = reports.next;
  t.is((await server.stop()).code, 0);
  await reports.waitFor(/STOPPING=1\|STATUS=Stopping: 1 worker to finish/, { from });
  await reports.waitFor('STATUS=Ended with exit code 0', { from });
});

test('a server that does not start never says READY=1', async (t) => {
  const { server, reports } = await start(t, { app: 'throw new Error("no");', until: 'spawned' });
  await server.exit;
  await reports.waitFor(/STATUS=Ended with exit code [1-9]/);
  t.false(reports.messages.some((message) => message.includes('READY=1')));
});

test('the watchdog is fed while a worker is alive, and not by a process that it was not meant for', async (t) => {
  const { reports } = await start(t, { env: { WATCHDOG_USEC: '4000000' } });
  await reports.waitFor('READY=1');
  await t.notThrowsAsync(reports.waitFor(/^\d+ WATCHDOG=1$/, { times: 2 }));
  const other = await start(t, { env: { WATCHDOG_USEC: '2000000', WATCHDOG_PID: '1' } });
  await other.reports.waitFor('READY=1');
  await other.server.stop();
  await other.reports.waitFor('Ended with');
  t.false(other.reports.messages.some((message) => message.includes('WATCHDOG')));
});

test('the main process is handed over by the arbiter that leaves, and taken over by the second one', async (t) => {
  const { server, reports } = await start(t, {
    args: ['--log-level', 'debug'],
    env: { WATCHDOG_USEC: '60000000' },
  });
  await reports.waitFor('READY=1');
  const from = reports.next;
  server.signal('SIGUSR2');
  const [, second] = await server.waitFor(/second arbiter started \(pid: (\d+)\)/);
  await server.waitFor('is ready', { times: 2 });
  server.signal('SIGTERM');
  await reports.waitFor(`${server.pid} MAINPID=${second}|WATCHDOG=1`, { from });
  await server.exit;
  await reports.waitFor(
    new RegExp(`^${second} MAINPID=${second}\\|READY=1\\|STATUS=1 worker ready\\|WATCHDOG=1`),
    {
      from,
    },
  );
  const since = reports.messages.slice(from - 1);
  t.false(since.some((message) => message.includes('STOPPING=1')));
  const taken = since.findIndex((message) => message.includes('MAINPID='));
  t.false(since.slice(0, taken).some((message) => message.startsWith(`${second} `)));
  t.is((await request(server.url)).text, '[]');
  process.kill(Number(second), 'SIGTERM');
  await t.notThrowsAsync(reports.waitFor(`${second} STOPPING=1`, { from }));
});

test('a server whose reports reach nobody says so once, and serves', async (t) => {
  const { server, reports } = await start(t, { until: 'listening' });
  await reports.waitFor('READY=1');
  await reports.close();
  server.signal('SIGHUP');
  await server.waitFor(/Warning: systemd is not told how the service fares \(NOTIFY_SOCKET=/);
  server.signal('SIGHUP');
  await server.waitFor('Hang up: Master', { times: 2 });
  t.is((await request(server.url)).status, 200);
  await server.stop();
  t.is(server.matching(/systemd is not told/).length, 1);
});
