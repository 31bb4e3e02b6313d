import { readFileSync } from 'node:fs';
import { eventually, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const NODE = process.env['GUNICORN_TEST_NODE'] ?? process.execPath;

/** Becomes the command as a subreaper (36), with an orphan-to-be of its own that ends before or after. */
const SUBREAPER = `
import ctypes, os, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
if os.fork() == 0: os._exit(7)
os.execv(sys.argv[1], sys.argv[1:])
`;

/** Leaves behind a process that ends when its input does: when the next request comes. */
const APP = `
import { spawn } from 'node:child_process';
let last: { end(): void } | undefined;
export default (request, response) => {
  last?.end();
  if (request.url === '/exec') return spawn('true', { stdio: 'ignore' }).on('exit', (code) => response.end(String(code)));
  const shell = spawn('sh', ['-c', 'cat <&3 >/dev/null & echo $!'], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
  last = shell.stdio[3] as never;
  shell.stdout.on('data', (pid) => shell.on('exit', () => response.end(pid)));
};
`;

function startAsSubreaper(t: ExecutionContext, args: readonly string[]): ReturnType<typeof startServer> {
  const nodeArgs = ['-c', SUBREAPER, NODE];
  return startServer(t, { app: APP, args: ['--log-level', 'debug', ...args], node: 'python3', nodeArgs });
}

function stateOf(pid: string | number): string {
  try {
    return /\) (.) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';
  } catch {
    return 'gone';
  }
}

test('orphans that an arbiter was given as a subreaper do not stay defunct', async (t) => {
  const server = await startAsSubreaper(t, []);
  const orphans: string[] = [];
  for (let i = 0; i < 5; i++) orphans.push((await request(server.url)).text.trim());
  t.is((await request(`${server.url}/exec`)).text, '0', "the worker's own children are its own");
  await eventually(() => orphans.every((pid) => stateOf(pid) === 'gone'));
  const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8');
  await eventually(() =>
    children
      .split(' ')
      .filter(Boolean)
      .every((pid) => stateOf(pid) !== 'Z'),
  );
  for (const pid of orphans) await server.waitFor(`An orphan has ended (pid: ${pid})`);
});

test('an arbiter that takes orphans still hears of the end of its workers', async (t) => {
  const server = await startAsSubreaper(t, ['--workers', '3']);
  await server.waitFor('is ready', { times: 3 });
  for (const worker of server.workers()) process.kill(worker, 'SIGKILL');
  await server.waitFor('was sent SIGKILL', { times: 3 });
  await server.waitFor('is ready', { times: 6 });
  t.is((await server.stop()).code, 0);
});
