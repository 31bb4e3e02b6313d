import { existsSync, readFileSync } from 'node:fs';
import { eventually, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APP, saying } from './apps.ts';
import { here, type } from './typed.ts';

test('status says how the server fares, and exits by it', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--workers', '2', '--log-level', 'debug'] });
  await server.waitFor('is ready', { times: 2 });
  const { code, out } = await here(server, 'status');
  t.is(code, 0);
  t.regex(
    out,
    new RegExp(`^app.ts  pid ${server.pid}  up \\d+ s  generation 1  sync\n  workers    2 of 2 ready`),
  );
  const json = JSON.parse((await here(server, 'status', '--json')).out) as {
    pid: number;
    workers: unknown[];
  };
  t.is(json.pid, server.pid);
  t.is(json.workers.length, 2);
  const ps = await here(server, 'ps');
  for (const pid of server.workers()) t.regex(ps.out, new RegExp(` ${pid}  ready `));
});

test('reload waits for the new workers', async (t) => {
  const server = await startServer(t, { app: saying('old') });
  server.folder.write('app.ts', saying('new'));
  const { code, out } = await here(server, 'reload');
  t.is(code, 0);
  t.regex(out, /^Reloaded in [\d.]+ s: generation 2, 1 worker of it serve/);
  t.is((await request(server.url)).text, 'new');
});

test('reload of a broken configuration exits with 1 and the reason, and the old workers serve on', async (t) => {
  const config = 'export default { timeout: 30 };';
  const server = await startServer(t, { app: saying('old'), config });
  server.folder.write('gunicorn.conf.ts', 'export default { timeout: "soon" };');
  const settings = await here(server, 'reload');
  t.is(settings.code, 1);
  t.regex(settings.err, /timeout must be/);
  server.folder.write('gunicorn.conf.ts', config);
  server.folder.write('app.ts', 'throw new Error("bad release");');
  const code = await here(server, 'reload', '--json');
  t.is(code.code, 1);
  t.regex((JSON.parse(code.out) as { error: string }).error, /bad release/);
  t.is((await request(server.url)).text, 'old');
  t.regex((await here(server, 'status')).out, /reload +refused at .*bad release/s);
  const more = await here(server, 'scale', '+1');
  t.is(more.code, 1);
  t.regex(more.err, /ended before it was ready, gunicorn logs says why; 1 of 2 serve/);
  t.like(await here(server, 'scale', '1'), { code: 0 });
  const other = await here(server, 'restart-worker', '1');
  t.is(other.code, 1);
  t.regex(other.err, /the old one serves on/);
  t.is((await request(server.url)).text, 'old');
});

test('reload --dry-run says what a reload would lead to, and config --diff what it would change', async (t) => {
  const config = 'export default { timeout: 30 };';
  const server = await startServer(t, { app: saying('old'), config });
  t.like(await here(server, 'config', '--diff'), { code: 0, out: 'A reload would change no setting\n' });
  t.like(await here(server, 'reload', '--dry-run'), { code: 0 });
  server.folder.write('gunicorn.conf.ts', 'export default { timeout: 35 };');
  t.like(await here(server, 'config', '--diff'), {
    code: 1,
    out: '- timeout = 30\n+ timeout = 35  # gunicorn.conf.ts:1\n',
  });
  t.regex((await here(server, 'config', 'timeout')).out, /timeout = 30/);
  server.folder.write('app.ts', 'throw new Error("bad release");');
  const broken = await here(server, 'reload', '--dry-run');
  t.is(broken.code, 1);
  t.regex(broken.err, /^a reload would be refused: the application threw .*bad release/s);
  server.folder.write('gunicorn.conf.ts', 'export default { timeout: "soon" };');
  t.regex((await here(server, 'config', '--diff')).err, /timeout must be/);
  t.is((await request(server.url)).text, 'old');
  t.regex((await here(server, 'status')).out, /generation 1 .*reload +none since the start/s);
});

test('scale waits until so many workers serve', async (t) => {
  const server = await startServer(t, { app: APP });
  t.like(await here(server, 'scale', '3'), { code: 0, out: '3 workers serve\n' });
  t.is(server.workers().length, 3);
  t.like(await here(server, 'scale', '-2'), { code: 0, out: '1 worker serves\n' });
  t.is(server.workers().length, 1);
  t.like(await here(server, 'scale', 'many'), { code: 2 });
  t.like(await here(server, 'scale', '5000'), { code: 1 });
});

test('restart-worker loses no request of the worker that leaves', async (t) => {
  const server = await startServer(t, { app: APP });
  const [old = 0] = server.workers();
  const slow = request(`${server.url}/slow`);
  await server.waitFor('slow request begins');
  const { code, out } = await here(server, 'restart-worker', String(old));
  t.is(code, 0);
  t.is((await slow).text, String(old));
  t.regex(out, new RegExp(`Worker 1 has left; pid ${server.workers()[0]} serves in its place`));
  const nobody = await here(server, 'restart-worker', '9');
  t.is(nobody.code, 1);
  t.regex(nobody.err, /there is no worker 9; there are 1 \(pid/);
});

test('stop waits for the end of the server, and for requests in hand', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--pid', 'app.pid'] });
  const slow = request(`${server.url}/slow`);
  await server.waitFor('slow request begins');
  const { code, out } = await here(server, 'stop', '-p', 'app.pid');
  t.is((await slow).status, 200);
  t.deepEqual({ code, out }, { code: 0, out: `Process ${server.pid} has ended, with exit code 0\n` });
  t.is((await here(server, 'status', '-p', 'app.pid')).code, 3);
});

test('upgrade hands over to the code that is there now', async (t) => {
  for (const args of [[], ['--control-socket', 'ctl', '--pid', 'app.pid']]) {
    const server = await startServer(t, { app: saying('old'), config: 'export default {}', args });
    server.folder.write('app.ts', saying('new'));
    const named = args.length === 0 ? [] : ['-s', 'ctl'];
    const { code, out } = await here(server, 'upgrade', ...named);
    t.is(code, 0);
    const [, pid] = /Process (\d+) has taken over from/.exec(out) ?? [];
    t.is((await request(server.url)).text, 'new');
    const state = JSON.parse((await here(server, 'status', '--json', ...named)).out) as { pid: number };
    t.is(state.pid, Number(pid));
  }
});

test('upgrade to code that does not load leaves the server as it is', async (t) => {
  const server = await startServer(t, { app: saying('old') });
  server.folder.write('app.ts', 'throw new Error("bad release");');
  const { code, err } = await here(server, 'upgrade');
  t.is(code, 1);
  t.regex(err, /ended before it was ready/);
  t.is((await request(server.url)).text, 'old');
  t.regex((await here(server, 'status')).out, /1 of 1 ready/);
});

test('a server is found by its pid file, its socket, its folder and its configuration', async (t) => {
  const config = "export default { controlSocket: './ctl', pidfile: './app.pid' };";
  const server = await startServer(t, { app: APP, config });
  const file = (name: string): string => server.folder.file(name);
  const wanted = [
    ['-s', file('ctl')],
    ['-c', file('gunicorn.conf.ts')],
  ];
  for (const words of wanted) t.is((await type('/', 'status', ...words)).code, 0, words.join(' '));
  t.is((await here(server, 'status')).code, 0, 'by the configuration in the folder');
  t.regex((await type('/', 'status', '-p', file('app.pid'))).err, /name it with --control-socket/);
  t.is((await type('/', 'status', '-p', file('none.pid'))).code, 3);
  t.is((await type('/', 'status', '-s', file('none'))).code, 3);
});

test('two servers in one folder are told apart by name', async (t) => {
  const first = await startServer(t, { app: APP });
  const second = await startServer(t, { app: APP, cwd: first.folder.path });
  const { code, err } = await here(first, 'status');
  t.is(code, 2);
  for (const { pid } of [first, second])
    t.regex(err, new RegExp(`-p ${pid}  app.ts  in ${first.folder.path}`));
  t.is((await here(first, 'status', '-p', String(second.pid))).code, 0);
});

test('a server without a control socket takes the signal, and says that no more is known', async (t) => {
  const server = await startServer(t, { app: saying('old'), args: ['--no-control-socket'] });
  const { code, out } = await here(server, 'reload', '-p', String(server.pid));
  t.is(code, 0);
  t.regex(out, /was sent HUP, and what became of it is in its log/);
  await server.waitFor('Reload complete');
  t.is((await here(server, 'status', '-p', String(server.pid))).code, 4);
});

test('the end of a server without a control socket is waited for as well', async (t) => {
  for (const [words, signal] of [
    [[], 'term'],
    [['--quick'], 'int'],
  ] as const) {
    const server = await startServer(t, { app: APP, args: ['--no-control-socket'] });
    const { code, out } = await here(server, 'stop', '-p', String(server.pid), ...words);
    t.is(code, 0);
    t.regex(out, /and has ended/);
    t.regex(server.log(), new RegExp(`Handling signal: ${signal}`));
    t.is((await server.exit).code, 0);
  }
});

test('an application of the name of a command can be served', async (t) => {
  const server = await startServer(t, {
    args: ['./status.ts'],
    files: { 'status.ts': saying('an application') },
  });
  t.is((await request(server.url)).text, 'an application');
});

test('a place of our choice that cannot be used is no error, and one that was named is', async (t) => {
  const env = { XDG_RUNTIME_DIR: '/proc/1', TMPDIR: '/proc/2', RUNTIME_DIRECTORY: '/proc/3' };
  const server = await startServer(t, { app: APP, env });
  t.false(/WARNING|ERROR|control/i.test(server.log().replaceAll(/Handling.*/g, '')));
  const named = await startServer(t, {
    app: APP,
    args: ['--control-socket', '/proc/nowhere/ctl'],
    until: 'spawned',
  });
  t.is((await named.ended()).code, 1);
  t.regex(named.log(), /controlSocket: \/proc\/nowhere\/ctl cannot be opened/);
});

test('the socket of a server that was killed is taken over by the next one', async (t) => {
  const args = ['--control-socket', 'ctl'];
  const killed = await startServer(t, { app: APP, args });
  killed.signal('SIGKILL');
  await killed.exit;
  t.true(existsSync(killed.folder.file('ctl')));
  const next = await startServer(t, { app: APP, args, cwd: killed.folder.path });
  const { out } = await type('/', 'status', '-s', killed.folder.file('ctl'));
  t.regex(out, new RegExp(`pid ${next.pid} `));
  next.signal('SIGTERM');
  await next.exit;
  t.false(existsSync(killed.folder.file('ctl')));
});

test('with --daemon the server in the background takes the orders', async (t) => {
  const server = await startServer(t, {
    app: APP,
    args: ['--daemon', '--pid', 'app.pid', '--error-logfile', 'error.log'],
    until: 'spawned',
  });
  t.is((await server.exit).code, 0);
  const pid = Number(readFileSync(server.folder.file('app.pid'), 'utf8'));
  t.regex((await here(server, 'status')).out, new RegExp(`pid ${pid} `));
  t.is((await here(server, 'stop')).code, 0);
  await eventually(() => !server.folder.has('app.pid'));
});

test('each command explains itself', async (t) => {
  const { code, out } = await type('/', 'reload', '--help');
  t.is(code, 0);
  t.regex(out, /usage: gunicorn reload/);
  t.regex((await type('/', '--help')).out, /status +Say how the server fares/);
  t.is((await type('/', 'reload', '--nonsense')).code, 2);
});

test('drain makes the server not ready while it serves, and resume takes it back', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--admin-bind', 'unix:admin.sock'] });
  const ready = async (): Promise<number> =>
    (await request(`unix:${server.folder.file('admin.sock')}:/readyz`)).status;
  t.is((await here(server, 'drain')).code, 0);
  t.is(await ready(), 503);
  t.is((await request(server.url)).status, 200);
  const status = await here(server, 'status');
  t.is(status.code, 1);
  t.regex(status.out, /drained +not ready for requests/);
  t.is((await here(server, 'resume')).code, 0);
  t.is(await ready(), 200);
  t.is((await here(server, 'status')).code, 0);
});
