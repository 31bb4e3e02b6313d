import { join } from 'node:path';
import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const cwd = join(import.meta.dirname, '..');

test('the handler says hello, from two workers', async (t) => {
  const server = await startServer(t, { cwd, args: ['--workers', '2', 'app.ts'] });
  const { status, headers, text } = await request(server.url);
  t.is(status, 200);
  t.is(headers['content-type'], 'text/plain; charset=utf-8');
  t.is(text, 'Hello, world!\n');
  await server.waitFor(/Booting worker with pid/, { times: 2 });
  t.is(server.workers().length, 2);
});
