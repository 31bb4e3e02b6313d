import { join } from 'node:path';
import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const cwd = join(import.meta.dirname, '..');

test('an Express application is served', async (t) => {
  const server = await startServer(t, { cwd, args: ['app.ts'] });
  const shown = await request(`${server.url}/users/7`);
  t.is(shown.status, 200);
  t.deepEqual(JSON.parse(shown.text), { id: '7' });

  const body = JSON.stringify({ name: 'Ada' });
  const headers = { 'Content-Type': 'application/json' };
  const created = await request(`${server.url}/users`, { method: 'POST', headers, body });
  t.is(created.status, 201);
  t.deepEqual(JSON.parse(created.text), { name: 'Ada' });

  t.is((await request(`${server.url}/nothing`)).status, 404);
});
