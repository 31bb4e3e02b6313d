import { eventually, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { APP } from './apps.ts';
import { here } from './typed.ts';

test('stacks tells where a worker stands, and leaves it as it is', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--workers', '1', '--log-level', 'debug'] });
  await server.waitFor('Watchdog thread started');
  const [pid] = server.workers();
  const idle = await here(server, 'stacks');
  t.is(idle.code, 0, idle.err);
  t.regex(
    idle.out,
    new RegExp(`^worker 1 \\(pid ${pid}\\)\n  stands in:\n    at [\\s\\S]*  no request in flight\n$`),
  );
  request(`${server.url}/spin`).catch(() => {});
  await eventually(async () => (await here(server, 'top', '--once')).out.includes('GET /spin'));
  const busy = await here(server, 'stacks', String(pid));
  t.regex(busy.out, /stands in:\n    at app \(.*app\.ts:4:\d+\)/);
  t.regex(busy.out, /GET \/spin/);
  t.deepEqual(server.workers(), [pid]);
  t.notRegex(server.log(), /stood still|TIMEOUT/);
});

test('an event loop that is stopped in code of Node.js says all the same that it has no request', async (t) => {
  const server = await startServer(t, { app: APP, args: ['-k', 'event', '--log-level', 'debug'] });
  await server.waitFor('Watchdog thread started');
  for (let count = 0; count < 3; count++)
    t.regex((await here(server, 'stacks')).out, /\n {2}no request in flight\n$/);
});

test('stacks has the frames of Python as well', async (t) => {
  const wsgi = [
    'import time',
    'def stand_still(): time.sleep(30)',
    'def application(environ, start_response):',
    "    if environ['PATH_INFO'] == '/still': stand_still()",
    "    start_response('200 OK', [])",
    "    return [b'hello']",
  ].join('\n');
  const server = await startServer(t, { args: ['site_app:application'], files: { 'site_app.py': wsgi } });
  request(`${server.url}/still`).catch(() => {});
  await eventually(async () => (await here(server, 'top', '--once')).out.includes('GET /still'));
  const { out } = await here(server, 'stacks');
  t.regex(out, /the application process:[\s\S]*line 2 in stand_still/);
});

test('stacks of a server without autopsies says why there are none', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--no-autopsy'] });
  const { code, out } = await here(server, 'stacks');
  t.is(code, 1);
  t.regex(out, /autopsy is off/);
});
