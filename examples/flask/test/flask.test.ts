import { join } from 'node:path';
import { beforePython, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const cwd = join(import.meta.dirname, '..');
const made = beforePython(test);

function withPython(title: string, body: (t: ExecutionContext, python: string) => Promise<void>): void {
  test(title, async (t) => {
    const environment = made();
    if (environment.kind === 'ready') return body(t, environment.python);
    t.log(`skipped: ${environment.reason}`);
    t.pass();
  });
}

withPython('Flask answers, streams, takes a file, and writes to the log of the server', async (t, python) => {
  const server = await startServer(t, { cwd, args: ['--python', python, '--workers', '2', 'app:app'] });
  t.is((await request(`${server.url}/`)).text, `Hello from ${server.url}/\n`);
  await server.waitFor(/\[INFO\] hello to 127\.0\.0\.1/);
  t.is((await request(`${server.url}/stream`)).text, 'line 0\nline 1\nline 2\n');
  const form = new FormData();
  form.set('file', new File([Buffer.alloc(200_000)], 'zeros.bin'));
  const encoded = new Request('http://form.test', { method: 'POST', body: form });
  const uploaded = await request(`${server.url}/upload`, {
    method: 'POST',
    headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
    body: new Uint8Array(await encoded.arrayBuffer()),
  });
  t.deepEqual(JSON.parse(uploaded.text), { name: 'zeros.bin', size: 200_000 });
});

withPython('a factory is called with what the target says', async (t, python) => {
  const server = await startServer(t, { cwd, args: ['--python', python, 'app:create_app("you")'] });
  t.is((await request(`${server.url}/`)).text, 'Hello, you!\n');
});
