import { join } from 'node:path';
import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const cwd = join(import.meta.dirname, '..');

test('a Koa application is served', async (t) => {
  const server = await startServer(t, { cwd, args: ['app.ts'] });
  const { status, headers, text } = await request(`${server.url}/users`);
  t.is(status, 200);
  t.is(headers['x-powered-by'], 'Koa');
  t.deepEqual(JSON.parse(text), { path: '/users' });
});
