import { request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

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

for (const worker of ['sync', 'event'] as const) {
  test.serial(`a stuck ${worker} worker holds up nobody, and its end says where it was stuck`, (t) =>
    beStuck(t, worker),
  );
}

async function beStuck(t: ExecutionContext, worker: 'sync' | 'event'): Promise<void> {
  const server = await startServer(t, {
    app: APP,
    config: CONFIG,
    args: ['-k', worker, '--workers', '4', '--timeout', '3'],
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
  // The watchdog can answer for the sync worker, which has one request at a time.
  if (worker === 'sync') {
    const { status, headers } = await stuck;
    t.is(status, 504);
    t.is(headers['server'], 'gunicorn');
    t.truthy(headers['date']);
  } else await t.throwsAsync(stuck);
}
