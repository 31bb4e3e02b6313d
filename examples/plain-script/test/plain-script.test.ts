import { join } from 'node:path';
import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const cwd = join(import.meta.dirname, '..');

test('a script that listens by itself is served where Gunicorn listens', async (t) => {
  const server = await startServer(t, { cwd, args: ['--workers', '2', 'server.js'] });
  await server.waitFor(/^listening$/);
  const { status, text } = await request(`${server.url}/page`);
  t.is(status, 200);
  t.is(text, 'You asked for /page\n');
});
