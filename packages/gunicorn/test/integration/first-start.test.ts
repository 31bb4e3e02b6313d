import { readFileSync } from 'node:fs';
import { startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APP } from './apps.ts';

const THROWS = 'throw new TypeError("the database is not there");';

for (const workers of ['1', '8']) {
  test(`an application that throws while loading stops a server of ${workers} with 3, and says it once`, async (t) => {
    const args = ['--workers', workers, '--pid', 'app.pid', '--bind', 'unix:app.sock'];
    const server = await startServer(t, { app: THROWS, args, until: 'spawned' });
    t.is((await server.ended()).code, 3);
    t.is(server.matching(/TypeError: the database is not there/).length, 1, server.log());
    t.regex(server.log(), /app\.ts:1/);
    t.false(server.folder.has('app.pid'), 'the pid file is gone');
    t.false(server.folder.has('app.sock'), 'the unix socket is gone');
  });
}

test('a target that is not there stops the server with 4 and says what was looked for', async (t) => {
  const server = await startServer(t, { args: ['nowhere:app'], until: 'spawned' });
  t.is((await server.ended()).code, 4);
  t.regex(server.log(), /nowhere/);
  t.regex(server.log(), /Reason: App failed to load\./);
});

test('an export that cannot be served stops the server with 4', async (t) => {
  const server = await startServer(t, { app: 'export default 42;', until: 'spawned' });
  t.is((await server.exit).code, 4);
});

test('eight slow workers that fail together say it once', async (t) => {
  const app = `await new Promise((resolve) => setTimeout(resolve, 400));\n${THROWS}`;
  const server = await startServer(t, { app, args: ['--workers', '8'], until: 'spawned' });
  t.is((await server.ended()).code, 3);
  t.is(server.matching(/TypeError: the database is not there/).length, 1, server.log());
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) {
  test(`${signal} while the workers are still loading ends the server with 0`, async (t) => {
    const app = `console.error('loading'); await new Promise((resolve) => setTimeout(resolve, 60_000));`;
    const server = await startServer(t, { app, args: ['--workers', '2'], until: 'spawned' });
    await server.waitFor('loading');
    server.signal(signal);
    t.is((await server.exit).code, 0);
  });
}

test('preloadApp stops before any worker is started', async (t) => {
  const server = await startServer(t, {
    app: THROWS,
    args: ['--preload', '--workers', '4'],
    until: 'spawned',
  });
  t.is((await server.ended()).code, 3);
  t.is(server.matching(/Booting worker/).length, 0, server.log());
});

test('preloadApp serves an application that loads', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--preload'] });
  t.is((await server.stop()).code, 0);
});

test('a worker that hangs while it boots is killed, and the server stops with 3', async (t) => {
  const app = 'export default () => {};\nfor (;;);';
  const server = await startServer(t, { app, args: ['--boot-timeout', '2'], until: 'spawned' });
  t.is((await server.ended()).code, 3);
  t.regex(server.log(), /not ready 2 s \(bootTimeout\)/);
});

test('--daemon returns when the server serves, and the server lives on', async (t) => {
  const server = await startServer(t, {
    app: APP,
    args: ['--daemon', '--pid', 'app.pid', '--log-file', 'error.log'],
    until: 'spawned',
  });
  t.is((await server.exit).code, 0);
  const pid = Number(readFileSync(server.folder.file('app.pid'), 'utf8'));
  t.not(pid, server.pid);
  t.regex(readFileSync(server.folder.file('error.log'), 'utf8'), /Listening at/);
  process.kill(pid, 'SIGTERM');
});

test('--enable-stdio-inheritance leaves a daemon the output that is no terminal', async (t) => {
  const server = await startServer(t, {
    app: APP,
    args: ['--daemon', '-R', '--pid', 'app.pid'],
    until: 'spawned',
  });
  t.is((await server.exit).code, 0);
  const pid = Number(readFileSync(server.folder.file('app.pid'), 'utf8'));
  await server.waitFor('Listening at');
  process.kill(pid, 'SIGTERM');
  t.truthy(await server.waitFor('Shutting down'));
});

test('--daemon reports at the terminal why the server does not start', async (t) => {
  const server = await startServer(t, {
    app: THROWS,
    args: ['--daemon', '--log-file', 'error.log'],
    until: 'spawned',
  });
  t.is((await server.ended()).code, 3);
  t.regex(server.log(), /^Error: daemon: the server exited with code 3; see the error log/m);
});

test('--daemon repeats at the terminal what is wrong with the start', async (t) => {
  const server = await startServer(t, {
    app: APP,
    bind: ['192.0.2.1:8000'],
    args: ['--daemon', '--log-file', 'error.log'],
    until: 'spawned',
  });
  t.is((await server.ended()).code, 1);
  t.regex(server.log(), /^Error: daemon: bind: cannot listen on 192\.0\.2\.1:8000/m);
});
