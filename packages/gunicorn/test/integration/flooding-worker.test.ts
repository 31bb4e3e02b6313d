import { readFileSync } from 'node:fs';
import { eventually, request, type Server, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const MIB = 2 ** 20;

/** `/endless/3` and `/endless/5` write to that descriptor for ever, without a line end; the others send messages. */
const APP = `
import { writeSync } from 'node:fs';
const junk = Buffer.alloc(65536, '{');
function endless(fd) {
  for (;;) {
    try { writeSync(fd, junk); } catch (error) {
      if (error.code !== 'EAGAIN') return setImmediate(endless, fd);
      return setImmediate(endless, fd);
    }
  }
}
const NONSENSE = [
  null, 5, 'text', [[]], {}, { type: 'ready' }, { type: 'ready', version: 2 }, { type: 'toString', version: 1 },
  { type: 'boot-failed', version: 1, exitCode: 1e308, message: 'no' },
  { type: 'boot-failed', version: 1, exitCode: 0, message: 'no' },
  { type: 'recycle', version: 1, reason: 'memory', detail: 'x'.repeat(100000) },
  { type: 'files', version: 1, files: ['relative', '/nul\\0', '/' + 'x'.repeat(9000)] },
];
export default (request, response) => {
  const fd = Number(request.url.split('/endless/')[1]);
  if (fd > 0) setImmediate(endless, fd);
  if (request.url === '/nonsense') for (const message of NONSENSE) process.send(message);
  if (request.url === '/big') process.send({ big: 'x'.repeat(3e6) });
  if (request.url === '/flood') for (let i = 0; i < 50000; i++) process.send({ type: 'ready', version: 1 });
  response.end(String(process.pid));
};
`;

function residentBytes(pid: number): number {
  return 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

async function stillWell(server: Server): Promise<boolean> {
  return (await request(server.url)).status === 200 && residentBytes(server.pid) < 200 * MIB;
}

for (const [fd, what] of [
  [3, 'its message channel'],
  [5, 'the pipe for its autopsy'],
] as const) {
  test(`a worker that writes to ${what} without a line end is ended, and the log says why`, async (t) => {
    const server = await startServer(t, { app: APP, args: ['-k', 'event'] });
    const worker = (await request(`${server.url}/endless/${fd}`)).text;
    let most = 0;
    await eventually(() => {
      most = Math.max(most, residentBytes(server.pid));
      return server
        .log()
        .includes(`Worker (pid:${worker}) was killed by the arbiter: it wrote 16 MB to ${what}`);
    });
    t.true(most < 300 * MIB, `${Math.round(most / MIB)} MB`);
    t.not((await request(server.url)).text, worker);
    t.true(await stillWell(server));
  });
}

for (const [path, what] of [
  ['nonsense', 'messages of wrong types and versions'],
  ['big', 'a message larger than any of ours'],
  ['flood', 'fifty thousand messages at once'],
] as const) {
  test(`${what} cost neither the worker nor the arbiter anything`, async (t) => {
    const args = ['-k', 'event', '--log-level', 'debug', '--reload'];
    const server = await startServer(t, { app: APP, args });
    const worker = (await request(`${server.url}/${path}`)).text;
    t.is((await request(server.url)).text, worker);
    // The channel still carries what counts.
    process.kill(Number(worker), 'SIGTERM');
    await eventually(async () => (await request(server.url)).text !== worker);
    t.true(await stillWell(server));
    t.notRegex(server.log(), /Uncaught|Could not|failed to boot|Replacing worker/);
    t.is((await server.stop()).code, 0);
  });
}

test('an application that sends a descriptor with a message is heard as before', async (t) => {
  const app = `
    import net from 'node:net';
    const listener = net.createServer().listen(0, '127.0.0.1');
    export default (request, response) => {
      if (request.url === '/send') process.send('here', listener);
      response.end(String(process.pid));
    };`;
  const server = await startServer(t, { app, args: ['-k', 'event', '--max-requests', '3'] });
  const worker = (await request(`${server.url}/send`)).text;
  await eventually(async () => (await request(server.url)).text !== worker);
  await server.waitFor(`Replacing worker (pid: ${worker})`);
  t.pass();
});
