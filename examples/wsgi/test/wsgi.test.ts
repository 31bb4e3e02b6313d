import { join } from 'node:path';
import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const cwd = join(import.meta.dirname, '..');

test('the WSGI application gets an environ and starts the response', async (t) => {
  const server = await startServer(t, { cwd, args: ['app.ts'] });
  const { status, headers, text } = await request(`${server.url}/some%20path?x=1`, { method: 'POST' });
  t.is(status, 200);
  t.is(headers['content-type'], 'text/plain');
  t.is(text, 'POST /some path\n');
});
