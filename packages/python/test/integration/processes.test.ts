import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childrenOf, COMMAND, eventually, isRunning, request, type Server } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { pythonTest, servePython } from './serve.ts';

const run = promisify(execFile);
const PROCESSES = ['-w', '1', '--processes', '2'];

/** The processes that the master has forked. */
function forked(server: Server): number[] {
  return childrenOf(server.pythonMaster()!).toSorted((one, other) => one - other);
}

/** What operators are shown of them. */
async function shown(server: Server): Promise<number[]> {
  const { stdout } = await run(process.execPath, [COMMAND, 'ps', '--json', '-p', String(server.pid)]);
  const [worker] = JSON.parse(stdout) as readonly { readonly applications: readonly { pid: number }[] }[];
  return worker!.applications.map(({ pid }) => pid).toSorted((one, other) => one - other);
}

async function pidOf(server: Server): Promise<number> {
  return Number((await request(`${server.url}/pid`)).text);
}

/** Two requests at a time, as long as they need: one in each process. */
async function busy(server: Server): Promise<readonly number[]> {
  const slow = request(`${server.url}/sleep?0.5`);
  const [, sleeping] = await server.waitFor(/sleeps in (\d+)/);
  const other = await pidOf(server);
  await slow;
  return [Number(sleeping), other];
}

pythonTest('as many requests are served at a time as there are processes, under sync too', async (t) => {
  const server = await servePython(t, [...PROCESSES, '-k', 'sync']);
  t.is(server.workers().length, 1);
  t.is(forked(server).length, 2);
  const [one, other] = await busy(server);
  t.not(one, other);
  t.true(forked(server).includes(one!) && forked(server).includes(other!));
});

pythonTest(
  'a process that dies costs its own request alone, and is replaced without its worker',
  async (t) => {
    const server = await servePython(t, PROCESSES);
    const [worker] = server.workers();
    const slow = request(`${server.url}/sleep?1.5`);
    const before = forked(server);
    await eventually(async () => (await pidOf(server)) > 0);
    t.deepEqual(await shown(server), before);
    t.is((await request(`${server.url}/crash`)).status, 502);
    await server.waitFor(
      /The Python process \(pid: \d+\) was killed by SIGSEGV; another one takes its place/,
    );
    t.is((await request(server.url)).text, 'hello');
    await eventually(() => forked(server).length === 2);
    t.is(forked(server).filter((pid) => before.includes(pid)).length, 1);
    await eventually(async () => String(await shown(server)) === String(forked(server)));
    const { stdout } = await run(process.execPath, [COMMAND, 'stacks', '-p', String(server.pid)]);
    for (const pid of forked(server)) t.true(stdout.includes(`Process ${pid}:`), stdout);
    t.is((await slow).text, 'slept');
    t.deepEqual(server.workers(), [worker!]);
  },
);

pythonTest('a process that hangs is answered 504 and replaced, and the other one serves on', async (t) => {
  const server = await servePython(t, [...PROCESSES, '--timeout', '1']);
  const [worker] = server.workers();
  const before = forked(server);
  const hung = request(`${server.url}/hang`);
  await server.waitFor('hangs');
  t.is((await request(server.url)).text, 'hello');
  t.is((await hung).status, 504);
  await server.waitFor(/PYTHON PROCESS TIMEOUT \(pid:\d+\), another one takes its place/);
  await server.waitFor(/GET \/hang from 127\.0\.0\.1 for \d\.\d s \(timeout\)/);
  await server.waitFor(/wsgi\.py", line \d+ in wait_for_something_that_never_comes/);
  await eventually(() => forked(server).length === 2 && forked(server).some((pid) => !before.includes(pid)));
  t.deepEqual(server.workers(), [worker!]);
});

pythonTest('a process whose request takes longer than requestTimeout says where it stands', async (t) => {
  const server = await servePython(t, [
    ...PROCESSES,
    '-k',
    'gthread',
    '--threads',
    '2',
    '--request-timeout',
    '1',
  ]);
  t.is((await request(`${server.url}/sleep?2`)).status, 504);
  await server.waitFor(/has a request for longer than 1 s \(requestTimeout\)/);
  await server.waitFor(/GET \/sleep\?2 from 127\.0\.0\.1 for \d\.\d s/);
  t.is(forked(server).length, 2);
});

pythonTest('after maxRequests a process is replaced by itself, and no request is lost', async (t) => {
  const server = await servePython(t, [...PROCESSES, '--max-requests', '20']);
  const [worker] = server.workers();
  const before = forked(server);
  let answered = 0;
  await eventually(async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => request(server.url)));
    t.true(all.every(({ text }) => text === 'hello'));
    answered += all.length;
    return forked(server).every((pid) => !before.includes(pid));
  });
  t.true(answered >= 40);
  t.truthy(await server.waitFor(/Autorestarting Python process after current request: \d+ requests/));
  t.deepEqual(server.workers(), [worker!]);
});

pythonTest('a process that grows beyond maxWorkerMemory is replaced by itself', async (t) => {
  const server = await servePython(t, [...PROCESSES, '--max-worker-memory', '80mb']);
  const [worker] = server.workers();
  t.is((await request(`${server.url}/grow`)).text, 'grown');
  await server.waitFor(/Autorestarting Python process after current request: \d+ MB resident/);
  t.is((await request(server.url)).text, 'hello');
  t.deepEqual(server.workers(), [worker!]);
});

/** How many files without a name a worker has open, such as those for the stacks of its processes. */
function namelessFiles(worker: number): number {
  const folder = `/proc/${worker}/fd`;
  return readdirSync(folder).filter((fd) => linkOf(join(folder, fd)).endsWith(' (deleted)')).length;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

pythonTest(
  'a process at its limit that cannot be replaced serves on: it is tried ever more rarely, and no file stays open',
  async (t) => {
    const server = await servePython(t, [...PROCESSES, '--max-requests', '1']);
    const failures = (): number => server.matching(/could not be replaced: .*broken meanwhile/).length;
    const [worker] = server.workers();
    const open = namelessFiles(worker!);
    t.true(open >= 2);
    server.folder.write('shop/wsgi.py', 'raise RuntimeError("broken meanwhile")\n');
    t.is((await request(server.url)).text, 'hello');
    await eventually(() => failures() === 1);
    const since = performance.now();
    await eventually(() => failures() === 2);
    t.true(performance.now() - since > 1500);
    t.is((await request(server.url)).text, 'hello');
    await eventually(() => namelessFiles(worker!) === open);
    t.deepEqual(server.workers(), [worker!]);
  },
);

const LISTENS = `
import logging, time
grown = []
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] != "/grow":
        return [b"hello"]
    grown.append(b"x" * (150 << 20))
    for _ in range(160):
        if logging.getLogger("gunicorn.error").level == logging.DEBUG:
            return [b"told"]
        time.sleep(0.05)
    return [b"not told"]
`;

pythonTest('a process that is replaced and finishes what it has still hears of the log level', async (t) => {
  const files = { 'shop/wsgi.py': LISTENS };
  const server = await servePython(t, [...PROCESSES, '--max-worker-memory', '80mb'], { files });
  const last = request(`${server.url}/grow`);
  await server.waitFor(/Autorestarting Python process after current request: \d+ MB resident/);
  await eventually(() => server.matching(/Python process with pid: \d+ serves/).length === 3);
  const words = [COMMAND, 'loglevel', 'debug', '-p', String(server.pid)];
  t.is(spawnSync(process.execPath, words, { cwd: server.folder.path }).status, 0);
  t.is((await last).text, 'told');
});

for (const [name, signal] of [
  ['HUP', 'SIGHUP'],
  ['TERM', 'SIGTERM'],
] as const) {
  pythonTest(`${name}: all processes finish what they have, and leave with their worker`, async (t) => {
    const server = await servePython(t, PROCESSES);
    const before = forked(server);
    const slow = [1, 2].map(() => request(`${server.url}/sleep?1`));
    await eventually(() => server.matching(/sleeps/).length === 2);
    server.signal(signal);
    t.deepEqual(
      (await Promise.all(slow)).map(({ text }) => text),
      ['slept', 'slept'],
    );
    await eventually(() => before.every((pid) => !isRunning(pid)));
    if (signal === 'SIGHUP') t.is((await request(server.url)).text, 'hello');
  });
}

const HOOKS = `
import os, sys
def say(*words):
    sys.stderr.write(" ".join(map(str, words)) + "\\n")
def pre_fork(server, worker):
    say("PRE_FORK", worker.age)
def post_fork(server, worker):
    say("POST_FORK", worker.age, worker.pid == os.getpid(), os.environ["GUNICORN_WORKER"])
def child_exit(server, worker):
    say("CHILD_EXIT", worker.age, worker.pid)
`;

async function hooksOf(t: ExecutionContext): Promise<Server> {
  return servePython(t, PROCESSES, { files: { 'gunicorn.conf.py': HOOKS } });
}

pythonTest('the hooks of gunicorn.conf.py are called for each process, with an age of its own', async (t) => {
  const server = await hooksOf(t);
  for (const age of [1, 2]) {
    await server.waitFor(new RegExp(`PRE_FORK ${age}`));
    await server.waitFor(new RegExp(`POST_FORK ${age} True [12]`));
  }
  const slots = server.matching(/POST_FORK/).map((line) => line.at(-1));
  t.deepEqual(slots.toSorted(), ['1', '2']);
  const pid = await pidOf(server);
  process.kill(pid, 'SIGKILL');
  await server.waitFor(new RegExp(`CHILD_EXIT [12] ${pid}`));
  await server.waitFor(/POST_FORK 3 True [12]/);
  t.pass();
});

pythonTest('processes that cannot be started again end their worker', async (t) => {
  const application = readFileSync(new URL('application.py', import.meta.url), 'utf8');
  const server = await servePython(t, PROCESSES);
  server.folder.write('shop/wsgi.py', 'raise RuntimeError("broken meanwhile")\n');
  for (const pid of forked(server)) process.kill(pid, 'SIGKILL');
  await server.waitFor(/A Python process could not be replaced: .*broken meanwhile/);
  await server.waitFor(/No Python process is left, and none can be started; leaving/);
  server.folder.write('shop/wsgi.py', application);
  await eventually(async () => (await request(server.url).catch(() => undefined))?.text === 'hello');
  t.pass();
});
