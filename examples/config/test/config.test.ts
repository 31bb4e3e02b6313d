import { join } from 'node:path';
import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const cwd = join(import.meta.dirname, '..');

test('the configuration is found, and its hooks run', async (t) => {
  const server = await startServer(t, { cwd });
  const { status, text } = await request(server.url);
  t.is(status, 200);
  t.is(text, 'Good morning\n');
  await server.waitFor(/Ready on http:\/\/127\.0\.0\.1:\d+/);
  await server.waitFor(/Worker 1 has loaded the application/);
  await server.waitFor(/Worker 2 has loaded the application/);
  t.is(server.workers().length, 2);
  await server.waitFor(/127\.0\.0\.1 "GET \/ HTTP\/1\.1" 200 \d+ms/);
  t.is((await server.stop()).code, 0);
  t.is(server.matching(/Worker \d is gone/).length, 2);
});

test('a flag wins over the configuration', async (t) => {
  const server = await startServer(t, { cwd, args: ['--workers', '1'] });
  t.is(server.workers().length, 1);
});
