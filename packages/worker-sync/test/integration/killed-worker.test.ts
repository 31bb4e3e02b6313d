import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const REQUESTS = 20;

test('kill -9 of a busy worker costs the request that it served, and no other', async (t) => {
  const app = `
  import { existsSync } from 'node:fs';
  export default (environ, startResponse) => {
    if (environ['PATH_INFO'] === '/busy') {
      console.error('busy: ' + process.pid);
      while (!existsSync('go'));
    }
    startResponse('200 OK', []);
    return [Buffer.from(String(process.pid))];
  };`;
  const args = ['-k', 'sync', '--application-kind', 'wsgi', '--workers', '2'];
  const server = await startServer(t, { app, args });
  const busy = request(`${server.url}/busy`);
  const failed = t.throwsAsync(busy);
  const [, pid] = await server.waitFor(/busy: (\d+)/);
  const before = Array.from({ length: REQUESTS }, () => request(server.url));
  const from = server.lines.length;
  process.kill(Number(pid), 'SIGKILL');
  const after = Array.from({ length: REQUESTS }, () => request(server.url));
  for (const answer of await Promise.all([...before, ...after])) {
    t.is(answer.status, 200);
    t.not(answer.text, pid);
  }
  await failed;
  await server.waitFor(/Booting worker with pid/, { from });
});
