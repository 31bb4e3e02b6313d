import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const APP = `
export default function app(request, response) {
  // A worker that has only just booted may not be watched yet.
  if (request.url === '/forever') setTimeout(spinForever, 1000);
  else response.end(String(process.pid));
}

function spinForever() {
  console.error('spinning');
  while (true);
}
`;

const CONFIG = `
export default {
  postWorkerInit(worker) {
    worker.log.info('loaded');
  },
};
`;

const LINE = APP.split('\n').findIndex((line) => line.includes('while (true)')) + 1;
const REQUESTS = 200;
const LONGEST_MS = 500;

test('a stuck worker holds up nobody, and its end says where it was stuck', async (t) => {
  const server = await startServer(t, {
    app: APP,
    config: CONFIG,
    args: ['--workers', '4', '--timeout', '3'],
  });
  await server.waitFor(/loaded$/, { times: 4 });
  const stuck = request(`${server.url}/forever`);
  stuck.catch(() => {});
  await server.waitFor('spinning');

  const answers = [];
  for (let sent = 0; sent < REQUESTS; sent += 1) answers.push(await request(server.url));
  t.true(answers.every(({ status }) => status === 200));
  const slowest = Math.max(...answers.map(({ ms }) => ms));
  t.true(slowest < LONGEST_MS, `the slowest answer took ${Math.round(slowest)} ms`);

  await server.waitFor(/WORKER TIMEOUT \(pid:\d+\)/);
  await server.waitFor(new RegExp(`spinForever.*app\\.ts:${LINE}\\b`));
  await server.waitFor(/GET \/forever/);
  await t.throwsAsync(stuck);
});
