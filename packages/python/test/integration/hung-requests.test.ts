import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import {
  beforePython,
  COMMAND,
  eventually,
  isRunning,
  request,
  type Server,
  startServer,
} from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { pythonTest } from './serve.ts';

const run = promisify(execFile);
const made = beforePython(test);

const APP = `import os, threading, time

block = time.sleep
release = threading.Event()

def hang_here():
    release.wait(60)

def spin_here():
    while True:
        pass

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/hang":
        hang_here()
    if path == "/release":
        release.set()
    if path == "/spin":
        spin_here()
    body = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
`;

const LOGGERS = `logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(message)s"}},
    "handlers": {"file": {"class": "logging.FileHandler", "filename": "access.txt", "formatter": "plain"}},
    "root": {"level": "INFO", "handlers": []},
    "loggers": {"gunicorn.access": {"level": "INFO", "handlers": ["file"], "propagate": False}},
}
access_log_format = "%(m)s %(U)s %(s)s"
`;

function serve(t: ExecutionContext, args: readonly string[], conf = ''): Promise<Server> {
  return startServer(t, { files: { 'web.py': APP, 'gunicorn.conf.py': conf }, args: [...args, 'web'] });
}

function geventTest(title: string, run: (t: ExecutionContext, python: string) => Promise<void>): void {
  test.serial(title, async (t) => {
    t.timeout(120_000);
    const environment = made();
    if (environment.kind === 'ready') return run(t, environment.python);
    t.log(`skipped: ${environment.reason}`);
    t.pass();
    return undefined;
  });
}

const THREADS = ['-k', 'gthread', '--threads', '3', '--request-timeout', '1'];
const ACCESS = ['--access-logfile', 'access.txt', '--access-logformat', '%(m)s %(U)s %(s)s'];

pythonTest(
  'gthread: a request that hangs is named with the stack of its thread, and is in the access log',
  async (t) => {
    const server = await serve(t, [...THREADS, ...ACCESS]);
    const { status, headers } = await request(`${server.url}/hang`);
    t.is(status, 504);
    t.is(headers['server'], 'gunicorn');
    await server.waitFor(/has a request for longer than 1 s \(requestTimeout\)/);
    await server.waitFor(/^ +GET \/hang \(1\.\d s\)/);
    await server.waitFor(/web\.py", line \d+ in hang_here/);
    const log = server.folder.file('access.txt');
    await eventually(() => /^GET \/hang 504$/m.test(readFileSync(log, 'utf8')), 'the 504');
  },
);

pythonTest('a hook in TypeScript that hangs in front of Python leaves the line of its request', async (t) => {
  const hooks = "export default { preRequest: (worker, { target }) => { while (target === '/hook'); } };";
  const server = await startServer(t, {
    files: { 'web.py': APP, 'gunicorn.conf.ts': hooks },
    args: ['-k', 'gthread', '--threads', '2', '--timeout', '2', ...ACCESS, 'web'],
  });
  await server.waitFor(/Booting worker/);
  await eventually(async () => {
    const { stdout } = await run(process.execPath, [COMMAND, 'stacks', '-p', String(server.pid)]);
    return /the application process:/.test(stdout);
  }, 'stacks of Python, which the main thread asks for');
  await t.throwsAsync(request(`${server.url}/hook`));
  await server.waitFor(/at preRequest \(.*gunicorn\.conf\.ts:1:\d+\)/);
  const log = server.folder.file('access.txt');
  await eventually(() => /^GET \/hook 504$/m.test(readFileSync(log, 'utf8')), 'the 504');
});

pythonTest(
  'a request that Python answers after the server has is in the access log of Python once',
  async (t) => {
    const server = await serve(t, THREADS, LOGGERS);
    t.is((await request(`${server.url}/hang`)).status, 504);
    t.is((await request(`${server.url}/release`)).status, 200);
    t.is((await request(`${server.url}/hang?now`)).status, 200);
    const path = server.folder.file('access.txt');
    const lines = (): readonly string[] => (existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []);
    await eventually(
      () => lines().filter((line) => line === 'GET /hang 200').length === 1,
      'the second request',
    );
    await server.stop();
    t.deepEqual(
      lines().filter((line) => line.includes('/hang')),
      ['GET /hang 504', 'GET /hang 200'],
    );
  },
);

geventTest('gevent: a greenlet that hangs is named with its stack', async (t, python) => {
  const args = ['--python', python, '-k', 'gevent', '--request-timeout', '1', ...ACCESS];
  const server = await serve(t, args);
  t.is((await request(`${server.url}/hang`)).status, 504);
  await server.waitFor(/^ +GET \/hang \(1\.\d s\)/);
  await server.waitFor(/web\.py", line \d+ in hang_here/);
});

geventTest(
  'gevent: a hub that is blocked is found, shown and replaced, and the client answered',
  async (t, python) => {
    const server = await serve(t, ['--python', python, '-k', 'gevent', '--timeout', '2', ...ACCESS]);
    const pid = Number((await request(server.url)).text);
    t.is((await request(`${server.url}/spin`)).status, 504);
    await server.waitFor(/has not turned for 2\.\d s \(timeout\)/);
    await server.waitFor(/^ +GET \/spin \(/);
    await server.waitFor(/web\.py", line \d+ in spin_here/);
    t.not(Number((await request(server.url)).text), pid);
    await eventually(() => !isRunning(pid));
    const log = server.folder.file('access.txt');
    await eventually(() => /^GET \/spin 504$/m.test(readFileSync(log, 'utf8')), 'the 504');
  },
);

const MODES: readonly (readonly string[])[] = [
  ['-k', 'sync'],
  ['-k', 'gthread', '--threads', '2'],
  ['-k', 'gevent'],
];

for (const mode of MODES) {
  geventTest(
    `${mode[1]}: a view that spins does not outlive its worker and its master`,
    async (t, python) => {
      const server = await serve(t, ['--python', python, ...mode]);
      const pid = Number((await request(server.url)).text);
      const spinning = request(`${server.url}/spin`);
      spinning.catch(() => undefined);
      await eventually(() => isSpinning(pid), 'a view that spins');
      for (const one of [server.pythonMaster()!, ...server.workers()]) process.kill(one, 'SIGKILL');
      await eventually(() => !isRunning(pid), 'the end of the process', 20_000);
      t.pass();
    },
  );
}

/** Half a second of processor time, in ticks: nothing else in the process takes so much. */
function isSpinning(pid: number): boolean {
  const ticks = (): number => Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[13]);
  return ticks() > 50;
}
