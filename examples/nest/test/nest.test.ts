import { join } from 'node:path';
import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const cwd = join(import.meta.dirname, '..');

test('a Nest application is served', async (t) => {
  const server = await startServer(t, { cwd, args: ['app.ts:createApp()'] });
  const { status, text } = await request(`${server.url}/users/7`);
  t.is(status, 200);
  t.deepEqual(JSON.parse(text), { id: '7' });
  t.is((await request(`${server.url}/nothing`)).status, 404);
  t.is((await server.stop()).code, 0);
});
