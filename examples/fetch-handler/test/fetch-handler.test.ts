import { join } from 'node:path';
import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const cwd = join(import.meta.dirname, '..');

test('a Request goes in and a Response comes out', async (t) => {
  const server = await startServer(t, { cwd, args: ['app.ts'] });
  const { status, headers, text } = await request(`${server.url}/?name=Ada`);
  t.is(status, 200);
  t.is(headers['content-type'], 'application/json');
  t.deepEqual(JSON.parse(text), { hello: 'Ada' });
});
