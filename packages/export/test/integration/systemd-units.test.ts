import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { exportIn, installed, project, run } from './export-command.ts';

const version = Number(/systemd (\d+)/.exec(installed('systemd-analyze', '--version') ?? '')?.[1] ?? 0);
const withSystemd = version === 0 ? test.skip : test;
if (version === 0) console.log('systemd is not installed: what it thinks of the units is not tested');

interface Configuration {
  readonly title: string;
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** The units that are expected. Default: service and socket. */
  readonly units?: readonly string[];
  /** Text that stands in the service. */
  readonly holds?: readonly (string | RegExp)[];
}

const USER = ['--user', 'daemon', '--group', 'daemon', '--name', 'shop'];
const BOTH = ['shop.service', 'shop.socket'];
const SERVICE = ['shop.service'];
const WSGI = {
  'mysite/__init__.py': '',
  'mysite/wsgi.py':
    'def application(environ, start_response):\n    start_response("200 OK", [])\n    return [b"hello"]\n',
};

const CONFIGURATIONS: readonly Configuration[] = [
  { title: 'no more than a target', args: ['--name', 'shop', 'app.ts'], holds: ['DynamicUser=yes'] },
  { title: 'a user and a group', args: [...USER, 'app.ts'], holds: ['User=daemon', 'Group=daemon'] },
  {
    title: 'ids',
    args: ['--user', '1', '--group', '1', '--name', 'shop', 'app.ts'],
    holds: ['User=1', 'Group=1'],
  },
  { title: 'two addresses', args: [...USER, '-b', '127.0.0.1:8000', '-b', '[::1]:8000', 'app.ts'] },
  {
    title: 'a unix socket that systemd opens',
    args: [...USER, '-b', 'unix:/run/shop/shop.sock', 'app.ts'],
  },
  {
    title: 'a unix socket that the server opens',
    args: [...USER, '--no-socket', '-b', 'unix:/run/shop/shop.sock', '--pid', '/run/shop/shop.pid', 'app.ts'],
    units: SERVICE,
    holds: ['RuntimeDirectory=shop\n'],
  },
  {
    title: 'log files below /var/log',
    args: [
      ...USER,
      '--error-logfile',
      '/var/log/shop/error.log',
      '--access-logfile',
      '/var/log/shop/access.log',
      'app.ts',
    ],
    holds: ['LogsDirectory=shop\n'],
  },
  {
    title: 'log files elsewhere',
    args: [...USER, '--error-logfile', '/srv/logs/error.log', 'app.ts'],
    holds: [/^ReadWritePaths=-?\/srv\/logs$/m],
  },
  {
    title: 'a low port that systemd opens',
    args: [...USER, '-b', '0.0.0.0:80', 'app.ts'],
    holds: [/^CapabilityBoundingSet=$/m],
  },
  {
    title: 'a low port that the server opens',
    args: [...USER, '--no-socket', '-b', '0.0.0.0:80', 'app.ts'],
    units: SERVICE,
    holds: ['CapabilityBoundingSet=CAP_NET_BIND_SERVICE', 'AmbientCapabilities=CAP_NET_BIND_SERVICE'],
  },
  { title: 'a socket for each worker', args: [...USER, '--reuse-port', 'app.ts'], units: SERVICE },
  {
    title: 'a host name, which a socket unit cannot hold',
    args: [...USER, '-b', 'localhost:8000', 'app.ts'],
    units: SERVICE,
  },
  {
    title: 'variables with all that systemd gives a meaning to',
    args: [...USER, '-e', 'GREETING=100% "mine" \\ $HOME\ttwo\nlines; #3', '-e', 'EMPTY=', 'app.ts'],
    holds: [String.raw`Environment="GREETING=100%% \"mine\" \\ $HOME\ttwo\nlines; #3"`],
  },
  {
    title: 'arguments with all that systemd gives a meaning to',
    args: [...USER, '--access-logformat', '%(h)s "%(r)s" $1; \\', 'app.ts'],
    holds: [String.raw`"%%(h)s \"%%(r)s\" $$1; \\"`],
  },
  {
    title: 'limits of its own',
    args: [
      ...USER,
      '--graceful-timeout',
      '90',
      '--boot-timeout',
      '0',
      '--timeout',
      '0',
      '--worker-connections',
      '5000',
      'app.ts',
    ],
    holds: [/^TimeoutStopSec=100s?$/m, /^TimeoutStartSec=infinity$/m, /^LimitNOFILE=16384$/m],
  },
  {
    title: 'settings from a file',
    args: ['--name', 'shop'],
    files: {
      'gunicorn.conf.ts': `export default { app: 'app.ts', user: 'daemon', workers: 3, rawEnv: ['NODE_ENV=production'] };\n`,
    },
    holds: ['User=daemon', 'Environment=NODE_ENV=production'],
  },
  {
    title: 'a unit of a user',
    args: ['--user-unit', '--name', 'shop', 'app.ts'],
    holds: ['WantedBy=default.target'],
  },
  {
    title: 'a template',
    args: [...USER, '--template', 'app.ts'],
    holds: ['RuntimeDirectory=shop\n'],
    units: ['shop@.service', 'shop@.socket'],
  },
  {
    title: 'a Python application',
    args: [
      ...USER,
      '--workers=4',
      '-b',
      '127.0.0.1:8000',
      '-e',
      'DJANGO_SETTINGS_MODULE=mysite.settings',
      'mysite.wsgi:application',
    ],
    files: WSGI,
    holds: ['Environment=DJANGO_SETTINGS_MODULE=mysite.settings', 'mysite.wsgi:application'],
  },
  {
    title: 'a folder whose name has blanks',
    args: [...USER, '--chdir', 'my shop', 'app.ts'],
    files: { 'my shop/app.ts': `export default (_request, response) => response.end();\n` },
  },
];

test('the table holds 20 configurations', (t) => {
  t.is(CONFIGURATIONS.length, 20);
});

for (const { title, args, files = {}, units = BOTH, holds = [] } of CONFIGURATIONS) {
  withSystemd(`systemd has nothing to say of ${title}`, async (t) => {
    const folder = project(t, files);
    const output = folder.file('units');
    const exported = await exportIn(folder, ['systemd', '--output', output, ...args]);
    t.is(exported.code, 0, exported.stderr);
    t.deepEqual(readdirSync(output).toSorted(), [...units].toSorted());
    t.is(await verify(output, units, args.includes('--user-unit')), '');
    const service = readFileSync(`${output}/${units[0]}`, 'utf8');
    for (const text of holds) {
      if (typeof text === 'string') t.true(service.includes(text), `${text} is not in\n${service}`);
      else t.regex(service, text);
    }
  });
}

for (const [title, args] of [
  ['with a user', [...USER, 'app.ts']],
  ['with a user that systemd invents', ['--name', 'shop', 'app.ts']],
  ['that listens on a low port itself', [...USER, '--no-socket', '-b', '0.0.0.0:80', 'app.ts']],
] as const) {
  withSystemd(`a service ${title} is exposed by 3.0 at most`, async (t) => {
    const folder = project(t);
    const output = folder.file('units');
    t.is((await exportIn(folder, ['systemd', '--output', output, ...args])).code, 0);
    const { code, stdout, stderr } = await run('systemd-analyze', [
      'security',
      '--offline=true',
      '--threshold=30',
      '--no-pager',
      `${output}/shop.service`,
    ]);
    t.is(code, 0, stdout + stderr);
    t.log(stdout.trim().split('\n').at(-1));
  });
}

test('systemd asks for a reload by a command of the server', async (t) => {
  const { stdout } = await exportIn(project(t), ['systemd', '--no-socket', 'app.ts']);
  t.regex(stdout, /^Type=notify$/m);
  t.regex(stdout, /^ExecReload=\/.* reload --until accepted -p \$\{MAINPID\}$/m);
  t.regex(stdout, /^ExecStop=-\/.* stop -p \$\{MAINPID\}$/m);
});

/** What systemd complains about; nothing of what else is installed here. */
async function verify(folder: string, units: readonly string[], ofUser: boolean): Promise<string> {
  const runtime = `${folder}/runtime`;
  mkdirSync(runtime);
  const { code, stdout, stderr } = await run(
    'systemd-analyze',
    ['verify', '--man=no', ...(ofUser ? ['--user'] : []), ...units.map((unit) => `${folder}/${unit}`)],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        SYSTEMD_UNIT_PATH: `${folder}:`,
        XDG_RUNTIME_DIR: runtime,
        HOME: folder,
      },
    },
  );
  const ours = (stdout + stderr).split('\n').filter((line) => /shop/.test(line));
  return code === 0 ? ours.join('\n') : `exit code ${code}\n${stdout}${stderr}`;
}
