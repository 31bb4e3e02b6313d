import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually, openFiles, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APP, saying } from './apps.ts';

test('HUP takes up changed code and changed settings', async (t) => {
  const server = await startServer(t, {
    app: saying('old'),
    config: 'export default { workers: 1 };',
    args: ['--log-level', 'debug'],
  });
  t.is((await request(server.url)).text, 'old');
  server.folder.write('app.ts', saying('new'));
  server.folder.write('gunicorn.conf.ts', 'export default { workers: 3 };');
  server.signal('SIGHUP');
  await server.waitFor('has left');
  await server.waitFor('is ready', { times: 4 });
  t.is((await request(server.url)).text, 'new');
  t.is(server.workers().length, 3);
});

const broken: readonly [title: string, file: string, text: string, reason: RegExp][] = [
  [
    'settings that are wrong',
    'gunicorn.conf.ts',
    'export default { workers: -1 };',
    /Reload failed.*workers/,
  ],
  [
    'a configuration file with a syntax error',
    'gunicorn.conf.ts',
    'export default {',
    /Reload failed.*gunicorn\.conf\.ts/,
  ],
  ['code that does not import', 'app.ts', 'throw new Error("boom");', /Error: boom/],
  ['code that cannot be parsed', 'app.ts', 'export default (', /Reload failed/],
  ['code that exits while loading', 'app.ts', 'process.exit(7);', /Reload failed.*process\.exit\(7\)/],
];

for (const [title, file, text, reason] of broken) {
  test(`after ${title} the old workers serve on, and the reason is logged once`, async (t) => {
    const server = await startServer(t, {
      app: saying('old'),
      config: 'export default { workers: 2 };',
      args: ['--log-level', 'debug'],
    });
    await server.waitFor('is ready', { times: 2 });
    const workers = server.workers();
    server.folder.write(file, text);
    server.signal('SIGHUP');
    await server.waitFor(reason);
    t.deepEqual(server.workers(), workers);
    t.is((await request(server.url)).text, 'old');
    t.is(server.matching(/Reload failed/).length, 1);
  });
}

test('a reload that is asked for while the first worker starts is carried out when it serves', async (t) => {
  const slow = `await fetch('http://127.0.0.1:' + process.env.GATE).then((gate) => gate.text());\n${saying('old')}`;
  const gate = http.createServer();
  const asked = once(gate, 'request');
  gate.listen(0, '127.0.0.1');
  t.teardown(() => gate.close());
  await once(gate, 'listening');
  const server = await startServer(t, {
    app: slow,
    until: 'listening',
    env: { GATE: String((gate.address() as AddressInfo).port) },
  });
  const [, answer] = (await asked) as [http.IncomingMessage, http.ServerResponse];
  server.folder.write('app.ts', 'throw new Error("boom");');
  server.signal('SIGHUP');
  await server.waitFor('The reload begins when the first worker is ready');
  answer.end();
  await server.waitFor('Reload failed, the workers that were serving go on unchanged');
  t.is((await request(server.url)).text, 'old');
  server.folder.write('app.ts', saying('new'));
  server.signal('SIGHUP');
  await server.waitFor('Reload complete');
  t.is((await request(server.url)).text, 'new');
});

test('a first worker that does not become ready in gracefulTimeout ends the reload', async (t) => {
  const server = await startServer(t, { app: saying('old'), args: ['--graceful-timeout', '2'] });
  const workers = server.workers();
  server.folder.write('app.ts', 'await new Promise(() => setInterval(() => {}, 1000));');
  server.signal('SIGHUP');
  await server.waitFor(/Reload failed.*not ready 2 s \(gracefulTimeout\)/);
  await server.waitFor(/killed by the arbiter|has left/);
  t.is((await request(server.url)).text, 'old');
  t.true(workers.every((pid) => server.workers().includes(pid)));
});

test('HUP binds what is new and closes what is gone', async (t) => {
  const server = await startServer(t, {
    app: saying('ok'),
    bind: [],
    config: 'export default { bind: ["127.0.0.1:0", "unix:old.sock"] };',
  });
  t.true(server.folder.has('old.sock'));
  server.folder.write('gunicorn.conf.ts', 'export default { bind: ["127.0.0.1:0", "unix:new.sock"] };');
  server.signal('SIGHUP');
  const line = await server.waitFor(/Listening at: (\S+),unix:\S*new\.sock/, { from: server.lines.length });
  t.is(line[1], server.urls[0], 'the address that stayed was not opened anew');
  t.is((await request(`unix:${server.folder.file('new.sock')}:/`)).text, 'ok');
  t.false(server.folder.has('old.sock'));
});

test('a new address that is busy leaves the old ones as they were', async (t) => {
  const other = await startServer(t, { app: saying('other') });
  const server = await startServer(t, {
    app: saying('ok'),
    bind: [],
    config: 'export default { bind: "127.0.0.1:0" };',
  });
  server.folder.write(
    'gunicorn.conf.ts',
    `export default { bind: ["127.0.0.1:0", "127.0.0.1:${other.port}"] };`,
  );
  server.signal('SIGHUP');
  await server.waitFor(/Reload failed.*is in use/);
  t.is((await request(server.url)).text, 'ok');
});

test('reload notices a changed file and waits out one that cannot be imported', async (t) => {
  const server = await startServer(t, {
    app: 'import { text } from "./text.ts"; export default (q, r) => r.end(text);',
    files: { 'text.ts': 'export const text = "old";' },
    args: ['--reload', '--log-level', 'debug'],
  });
  t.is((await request(server.url)).text, 'old');
  server.folder.write('text.ts', 'export const text = ');
  await server.waitFor('Reload failed');
  t.is((await request(server.url)).text, 'old');
  server.folder.write('text.ts', 'export const text = "new";');
  await server.waitFor('has left');
  t.is((await request(server.url)).text, 'new');
});

for (const engine of ['poll', 'inotify']) {
  test(`reload survives a first start that fails, with the engine ${engine}`, async (t) => {
    const server = await startServer(t, {
      app: 'throw new Error("not yet");',
      args: ['--reload', '--reload-engine', engine],
      until: 'listening',
    });
    await server.waitFor('Waiting for a file to change');
    server.folder.write('app.ts', saying('at last'));
    t.is((await request(server.url)).text, 'at last');
  });
}

for (const [engine, asksKernel] of [
  ['inotify', true],
  ['auto', true],
  ['poll', false],
] as const) {
  test(`the reload engine ${engine} ${asksKernel ? 'asks the kernel' : 'looks by itself'}`, async (t) => {
    const server = await startServer(t, {
      app: saying('old'),
      args: ['--reload', '--reload-engine', engine],
    });
    // The arbiter hears what to watch a moment after the first answer.
    if (asksKernel) await eventually(() => openFiles(server.pid).includes('anon_inode:inotify'));
    t.is(openFiles(server.pid).includes('anon_inode:inotify'), asksKernel);
    server.folder.write('app.ts', saying('new'));
    await server.waitFor(/Worker reloading: .*app\.ts modified/);
    await server.waitFor('Worker exiting');
    t.is((await request(server.url)).text, 'new');
  });
}

test('reload watches extra files', async (t) => {
  const server = await startServer(t, {
    app: APP,
    files: { 'views/a.html': 'a' },
    args: ['--reload', '--reload-extra-file', 'views/*.html'],
  });
  const [worker] = server.workers();
  server.folder.write('views/b.html', 'b');
  await server.waitFor(/Worker reloading: .*b\.html modified/);
  await server.waitFor(`Worker exiting (pid: ${worker})`);
  t.pass();
});

test('a setting that only a restart can change stays as it is, whatever a reload finds', async (t) => {
  const bind = 'bind: "127.0.0.1:0", workers: 2';
  const server = await startServer(t, {
    app: saying('old'),
    bind: [],
    config: `export default { ${bind} };`,
    args: ['--log-level', 'debug'],
  });
  await server.waitFor('is ready', { times: 2 });
  server.folder.write('app.ts', saying('new'));
  server.folder.write('gunicorn.conf.ts', `export default { ${bind}, reusePort: true, chdir: ".." };`);
  server.signal('SIGHUP');
  await server.waitFor('is ready', { times: 4 });
  await server.waitFor('has left', { times: 2 });
  t.is((await request(server.url)).text, 'new');
  t.is(server.workers().length, 2);
});

test('a variable that leaves rawEnv leaves the workers', async (t) => {
  const server = await startServer(t, { app: APP, config: 'export default { rawEnv: ["COLOUR=red"] };' });
  t.is((await request(`${server.url}/env/COLOUR`)).text, 'red');
  server.folder.write('gunicorn.conf.ts', 'export default {};');
  server.signal('SIGHUP');
  await server.waitFor('Worker exiting');
  t.is((await request(`${server.url}/env/COLOUR`)).text, 'undefined');
});
