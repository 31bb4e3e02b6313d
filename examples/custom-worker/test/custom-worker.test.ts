import { join } from 'node:path';
import { Folder, request, startServer } from '@gunicorn-ts/conformance';
import test from 'ava';

const cwd = join(import.meta.dirname, '..');

const args = ['--worker-class', './my-worker.ts', 'app.ts'];

test('the worker class is loaded from a path, and brings a setting of its own', async (t) => {
  const server = await startServer(t, { cwd, args });
  const { status, headers } = await request(server.url);
  t.is(status, 200);
  t.is(headers['x-greeting'], 'hello');
});

test('its setting has a flag', async (t) => {
  const server = await startServer(t, { cwd, args: ['--greeting', 'Ahoy', ...args] });
  t.is((await request(server.url)).headers['x-greeting'], 'Ahoy');
});

test('its setting has a key in the configuration file', async (t) => {
  const folder = new Folder({ 'greeting.conf.ts': `export default { greeting: 'Servus' };` });
  t.teardown(() => folder.remove());
  const server = await startServer(t, { cwd, args: ['--config', folder.file('greeting.conf.ts'), ...args] });
  t.is((await request(server.url)).headers['x-greeting'], 'Servus');
});

test('a wrong value of its setting is refused as any other', async (t) => {
  const server = await startServer(t, { cwd, args: ['--greeting', 'Grüezi', ...args], until: 'spawned' });
  t.is((await server.exit).code, 2);
  t.regex(server.log(), /greeting must be a text of printable ASCII characters, not "Grüezi"/);
});

test('what it leaves without effect is said to whoever sets it, and nothing else is', async (t) => {
  const config = `export default {
    requestTimeout: 5, keepalive: 75, timeout: 20, gracefulTimeout: 9, preRequest() {} };`;
  const folder = new Folder({ 'mine.conf.ts': config });
  t.teardown(() => folder.remove());
  const server = await startServer(t, { cwd, args: ['--config', folder.file('mine.conf.ts'), ...args] });
  const warned = server.log().matchAll(/\[WARNING\] (\w+) has no effect with worker class "my-worker"/g);
  t.deepEqual([...warned].map(([, key]) => key).sort(), ['keepalive', 'preRequest', 'requestTimeout']);
});

test('the heading that it names stands in the help', async (t) => {
  const server = await startServer(t, { cwd, args: [...args, '--help'], bind: [], until: 'spawned' });
  t.is((await server.ended()).code, 0);
  t.regex(server.log(), /\nGreeting:\n {2}--greeting TEXT/);
});
