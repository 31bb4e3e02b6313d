import { join } from 'node:path';
import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const cwd = join(import.meta.dirname, '..');

test('both logs are written by the class, without the token', async (t) => {
  const server = await startServer(t, {
    cwd,
    args: ['--logger-class', './logger.ts', 'app.ts'],
    until: 'spawned',
  });
  const [, url = ''] = await server.waitFor(/"role":"arbiter".*"message":"Listening at: (http:\S+)/);
  await server.waitFor(/"role":"worker".*"message":"Booting worker/);
  t.is((await request(`${url}/orders?token=secret&page=2`)).text, 'You asked for /orders\n');
  await server.waitFor(/"method":"GET","target":"\/orders\?token=\*\*\*&page=2","status":200/);
  t.is((await server.stop()).code, 0);
  t.false(server.log().includes('secret'));
  for (const line of server.lines) t.notThrows(() => JSON.parse(line), line);
});
