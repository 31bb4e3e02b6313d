import { readFileSync } from 'node:fs';
import { eventually, processesGone, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { saying } from './apps.ts';

for (const [title, bind, args] of [
  ['TCP', ['127.0.0.1:0'], []],
  ['a unix socket', ['unix:app.sock'], []],
  ['reusePort', ['127.0.0.1:0'], ['--reuse-port']],
] as const) {
  test(`USR2 and TERM of the old arbiter upgrade the server, with ${title}`, async (t) => {
    const server = await startServer(t, {
      app: saying('old'),
      bind,
      args: [...args, '--workers', '2', '--pid', 'app.pid'],
    });
    const target = bind[0].startsWith('unix') ? `${server.url}:/` : server.url;
    const old = [server.pid, ...server.workers()];
    server.folder.write('app.ts', saying('new'));
    const from = server.lines.length;
    server.signal('SIGUSR2');
    const pid = Number((await server.waitFor(/second arbiter started \(pid: (\d+)\)/))[1]);
    await server.waitFor('Booting worker', { from, times: 2 });
    t.is(readFileSync(server.folder.file('app.pid.2'), 'utf8'), `${pid}\n`);
    t.is((await server.stop()).code, 0);
    await processesGone(old, 10_000);
    await server.waitFor('Master has been promoted.');
    t.is((await request(target)).text, 'new');
    t.is(readFileSync(server.folder.file('app.pid'), 'utf8'), `${pid}\n`);
    t.false(server.folder.has('app.pid.2'));
  });
}

test('a second arbiter that cannot start leaves the first one serving', async (t) => {
  const server = await startServer(t, { app: saying('old') });
  server.folder.write('app.ts', 'throw new Error("bad release");');
  server.signal('SIGUSR2');
  await server.waitFor(/Upgrade failed, this arbiter goes on/);
  t.is((await request(server.url)).text, 'old');
  server.folder.write('app.ts', saying('new'));
  server.signal('SIGUSR2');
  await server.waitFor('second arbiter started', { times: 2 });
});

test('the first arbiter goes on when the second one is stopped', async (t) => {
  const server = await startServer(t, { app: saying('old'), bind: ['unix:app.sock'] });
  server.signal('SIGUSR2');
  const pid = Number((await server.waitFor(/second arbiter started \(pid: (\d+)\)/))[1]);
  await server.waitFor('Booting worker', { times: 2 });
  process.kill(pid, 'SIGTERM');
  await server.waitFor('Upgrade failed, this arbiter goes on');
  t.is((await request(`${server.url}:/`)).text, 'old');
});

test('a daemon is upgraded as any other server, and stays one', async (t) => {
  const server = await startServer(t, {
    app: saying('old'),
    bind: ['unix:app.sock'],
    args: ['--daemon', '--pid', 'app.pid', '--log-file', 'error.log'],
    until: 'spawned',
  });
  t.is((await server.exit).code, 0);
  const pidIn = (name: string): number => Number(readFileSync(server.folder.file(name), 'utf8'));
  const log = (): string => readFileSync(server.folder.file('error.log'), 'utf8');
  const old = pidIn('app.pid');
  server.folder.write('app.ts', saying('new'));
  process.kill(old, 'SIGUSR2');
  await eventually(() => server.folder.has('app.pid.2') && log().split('Booting worker').length > 2);
  const pid = pidIn('app.pid.2');
  process.kill(old, 'SIGTERM');
  await processesGone([old], 10_000);
  await eventually(() => log().includes('Master has been promoted.'));
  t.is(pidIn('app.pid'), pid);
  t.is((await request(`unix:${server.folder.file('app.sock')}:/`)).text, 'new');
  const controllingTerminal = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[4];
  t.is(controllingTerminal, '0');
});
