import { existsSync, readFileSync } from 'node:fs';
import { eventually, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APP, saying } from './apps.ts';

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

test('the access log has the format that the settings ask for', async (t) => {
  const format = '%(m)s|%(U)s|%(q)s|%(s)s|%(B)s|%({x-request-id}i)s';
  const server = await startServer(t, {
    app: saying('hello'),
    args: ['--access-logfile', '-', '--access-logformat', format],
  });
  await request(`${server.url}/path?a=1`, { headers: { 'X-Request-Id': '7' } });
  await server.waitFor('GET|/path|a=1|200|5|7');
  t.pass();
});

test('logFormat json makes one object of each line, in both logs', async (t) => {
  const server = await startServer(t, {
    app: saying('hello'),
    args: ['--log-format', 'json', '--access-logfile', 'access.log'],
    until: 'spawned',
  });
  const [text] = await server.waitFor(/^\{.*Listening at.*\}$/);
  const entry = JSON.parse(text) as Record<string, unknown>;
  t.is(entry['level'], 'info');
  t.is(entry['pid'], server.pid);
  const url = /http:\S+/.exec(String(entry['msg']))?.[0] ?? '';
  await request(`${url}/path`);
  await server.stop();
  const access = JSON.parse(read(server.folder.file('access.log'))) as Record<string, unknown>;
  t.like(access, { method: 'GET', path: '/path', status: 200, bytes: 5 });
  const notJson = server.lines.filter((line) => !line.startsWith('{'));
  t.deepEqual(notJson, []);
});

test('loglevel keeps what is less severe out of the log, of arbiter and workers', async (t) => {
  const server = await startServer(t, {
    app: `console.error('loaded');\n${saying('ok')}`,
    bind: ['unix:app.sock'],
    args: ['--log-level', 'warning'],
    until: 'spawned',
  });
  await server.waitFor('loaded');
  t.is((await request(`unix:${server.folder.file('app.sock')}:/`)).status, 200);
  await server.stop();
  t.deepEqual(server.lines, ['loaded']);
});

test('captureOutput sends what the application prints to the error log', async (t) => {
  const server = await startServer(t, {
    app: `console.log('to stdout');\nconsole.error('to stderr');\n${saying('ok')}`,
    args: ['--capture-output', '--log-file', 'error.log'],
    until: 'spawned',
  });
  const log = (): string => read(server.folder.file('error.log'));
  await eventually(() => /^to stdout$/m.test(log()) && /^to stderr$/m.test(log()));
  await server.stop();
  t.deepEqual(server.lines, []);
});

test('without captureOutput it goes where the arbiter was started', async (t) => {
  const server = await startServer(t, {
    app: `console.log('to stdout');\n${APP}`,
    args: ['--log-file', 'error.log'],
    until: 'spawned',
  });
  await server.waitFor('to stdout');
  t.false(read(server.folder.file('error.log')).includes('to stdout'));
});
