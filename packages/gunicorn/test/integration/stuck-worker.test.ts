import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const APP = `
export default function app(request, response) {
  if (request.url === '/forever') spinForever();
  response.end(String(process.pid));
}

function spinForever() {
  console.error('spinning');
  while (true);
}
`;

const LINE = APP.split('\n').findIndex((line) => line.includes('while (true)')) + 1;
const BATCHES = 20;
const AT_ONCE = 10;
const LONGEST_MS = 500;

test('a stuck worker holds up nobody, and its end says where it was stuck', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--workers', '4', '--timeout', '3'] });
  await server.waitFor(/Booting worker with pid/, { times: 4 });
  const stuck = request(`${server.url}/forever`);
  stuck.catch(() => {});
  await server.waitFor('spinning');

  const answers = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    answers.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => request(server.url)))));
  }
  t.true(answers.every(({ status }) => status === 200));
  const slowest = Math.max(...answers.map(({ ms }) => ms));
  t.true(slowest < LONGEST_MS, `the slowest answer took ${Math.round(slowest)} ms`);

  await server.waitFor(/WORKER TIMEOUT \(pid:\d+\)/);
  await server.waitFor(new RegExp(`spinForever.*app\\.ts:${LINE}\\b`));
  await server.waitFor(/GET \/forever/);
  await t.throwsAsync(stuck);
});
