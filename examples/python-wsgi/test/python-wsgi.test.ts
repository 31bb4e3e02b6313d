import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { request, startServer } from '@gunicorn-ts/test-kit';
import anyTest from 'ava';

const test = spawnSync('python3', ['--version']).status === 0 ? anyTest : anyTest.skip;
const cwd = join(import.meta.dirname, '..');

for (const target of ['app:app', 'app.py:app']) {
  test(`${target} is served`, async (t) => {
    const server = await startServer(t, { cwd, args: ['--workers', '2', target] });
    const { status, headers, text } = await request(`${server.url}/some%20path?x=1`, { method: 'POST' });
    t.is(status, 200);
    t.is(headers['content-type'], 'text/plain');
    t.is(text, 'POST /some path\n');
  });
}
