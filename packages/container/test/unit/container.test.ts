import test from 'ava';
import type { Settings } from '@gunicorn-ts/interface';
import { containerOf } from '../../src/index.ts';
import { deploymentOf, pythonDeployment } from './deployment-of.ts';

const BALANCED = { isBalanced: true } as const;
const NONE = new Map<string, readonly string[]>();

test('the server listens to everybody on its port, and to probes on another', (t) => {
  const { args, port, adminPort } = containerOf(
    deploymentOf({ bind: ['127.0.0.1:5000'], adminBind: '127.0.0.1:5001' }),
    NONE,
    BALANCED,
  );
  t.deepEqual([port, adminPort], [5000, 5001]);
  t.deepEqual(args.slice(0, 2), ['--bind=0.0.0.0:5000', '--admin-bind=0.0.0.0:5001']);
});

test('an address of both families stays one', (t) => {
  t.is(containerOf(deploymentOf({ bind: ['[::]:8000'] }), NONE, BALANCED).args[0], '--bind=[::]:8000');
});

test('paths below the application are those of the image, and what the container decides is not said twice', (t) => {
  const argv = [
    '-w',
    '2',
    '-b',
    ':80',
    '--config',
    '/srv/shop/gunicorn.conf.ts',
    '--chdir',
    '/srv/shop',
    '-k',
    'event',
    'app.ts',
  ];
  const deployment = deploymentOf({ workers: 2 });
  const invocation = { ...deployment.invocation, argv };
  t.deepEqual(containerOf({ ...deployment, invocation }, NONE, BALANCED).args, [
    '--bind=0.0.0.0:8000',
    '--admin-bind=0.0.0.0:9000',
    '--workers=2',
    '--shutdown-delay=5',
    '--graceful-timeout=30',
    '--max-worker-memory=200mb',
    '--config',
    'gunicorn.conf.ts',
    '-k',
    'event',
    'app.ts',
  ]);
});

for (const [why, settings, plan, grace, delay] of [
  ['a copy behind a balancer serves on for five seconds', {}, BALANCED, 40, 5],
  ['one machine has nobody who must hear of it', {}, { isBalanced: false }, 35, 0],
  ['a delay that was given is kept', { shutdownDelay: 12 }, BALANCED, 47, 12],
  ['a wait before TERM is in place of the delay', {}, { isBalanced: true, preStop: 7 }, 42, 0],
  [
    'parts of seconds are whole ones to a cluster',
    { shutdownDelay: 1.2, gracefulTimeout: 2.5 },
    BALANCED,
    9,
    1.2,
  ],
] as const) {
  test(`grace: ${why}`, (t) => {
    const { stop } = containerOf(deploymentOf(settings as Partial<Settings>), NONE, plan);
    t.deepEqual([stop.grace, stop.shutdownDelay], [grace, delay]);
    t.true(stop.grace >= stop.preStop + stop.shutdownDelay + stop.graceful + stop.margin);
  });
}

test('memory is that of the arbiter, of the workers and of one replacement', (t) => {
  const { memory } = containerOf(deploymentOf({ workers: 4 }), NONE, BALANCED);
  t.is(memory.limit, Math.ceil((96 + 5 * 200) / 64) * 64);
  const python = containerOf(pythonDeployment({ workers: 4 }), NONE, BALANCED).memory;
  t.true(python.base > memory.base);
});

test('a heap of V8 is for one worker and not for the whole container; what was given stays', (t) => {
  const heap = (rawEnv: string[]): unknown =>
    containerOf(deploymentOf({ rawEnv }), NONE, BALANCED).environment.find(
      ([name]) => name === 'NODE_OPTIONS',
    );
  t.deepEqual(heap([]), ['NODE_OPTIONS', '--max-old-space-size=150']);
  t.deepEqual(heap(['NODE_OPTIONS=--inspect']), ['NODE_OPTIONS', '--inspect']);
});

test('variables that say where things are on this machine stay here', (t) => {
  const environment = ['VIRTUAL_ENV=/home/me/venv', 'PORT=3000', 'WEB_CONCURRENCY=9', 'A=b=c'];
  t.deepEqual(containerOf(pythonDeployment({}, { environment }), NONE, BALANCED).environment, [['A', 'b=c']]);
});

for (const [settings, message] of [
  [{ daemon: true }, /daemon cannot be kept in a container: .*; remove it/],
  [{ user: 'www-data' }, /user cannot be kept in a container: .*65532/],
  [{ pidfile: '/run/shop.pid' }, /pidfile cannot be kept .*read-only/],
  [{ bind: ['fd://3'] }, /bind cannot be kept .*write 0\.0\.0\.0:8000/],
  [{ bind: [':9000'] }, /adminBind .*9000/],
] as const) {
  test(`${JSON.stringify(settings)} is refused in a sentence`, (t) => {
    t.throws(() => containerOf(deploymentOf(settings as Partial<Settings>), NONE, BALANCED), {
      code: 'ERR_EXPORT_SETTING',
      message,
    });
  });
}

for (const [flag, value, code, message] of [
  [
    '--memory',
    '300',
    'ERR_EXPORT_DISAGREEMENT',
    /--memory 300 is less than 1096 MB: 96 of the arbiter, .*\(200\) for 5/,
  ],
  ['--memory', '1gb', 'ERR_EXPORT_USAGE', /write a whole number from 64/],
  ['--port', '0', 'ERR_EXPORT_USAGE', /whole number from 1 to 65535/],
  ['--admin-port', '99999', 'ERR_EXPORT_USAGE', /to 65535/],
] as const) {
  test(`${flag} ${value} is refused in a sentence`, (t) => {
    const make = (): unknown =>
      containerOf(deploymentOf({ workers: 4 }), new Map([[flag, [value]]]), BALANCED);
    t.throws(make, { code, message });
  });
}

for (const [why, settings, changes, warning] of [
  ['nothing says what a worker takes', { maxWorkerMemory: 0 }, {}, /maxWorkerMemory is not set, and 192 MB/],
  ['proxies are not believed', {}, { given: [] }, /forwardedAllowIps believes this machine alone/],
  ['logs go to files', { accesslog: '/var/log/a.log' }, {}, /log files have no place in a container/],
  [
    'a certificate is elsewhere',
    { certfile: '/etc/ssl/a.pem' },
    {},
    /certfile: \/etc\/ssl\/a\.pem is outside/,
  ],
  [
    'connections are given up before a proxy does',
    { keepalive: 60 },
    { keepsConnections: true },
    /keepalive is 60 s, .* write keepalive: 75/,
  ],
  ['variables are in a file', { envFile: ['.env'] }, {}, /envFile: \.env is kept out of the image/],
  [
    'the server is no dependency',
    {},
    { project: { names: ['package.json'], texts: { 'package.json': '{}' } } },
    /npm install gunicorn-ts/,
  ],
  [
    'nothing says what an image installs',
    {},
    { ...pythonDeployment(), project: { names: ['app.py'], texts: {} } },
    /there is no requirements\.txt, .*pip freeze/,
  ],
  ['a secret is left out', {}, { secrets: ['TOKEN'] }, /TOKEN looks like a secret/],
] as const) {
  test(`it is said when ${why}`, (t) => {
    const { warnings } = containerOf(deploymentOf(settings as Partial<Settings>, changes), NONE, BALANCED);
    t.is(warnings.length, 1);
    t.regex(warnings[0]!, warning);
  });
}

test('a deployment without peculiarities has no warning', (t) => {
  t.deepEqual(containerOf(deploymentOf(), NONE, BALANCED).warnings, []);
  t.deepEqual(containerOf(pythonDeployment(), NONE, BALANCED).warnings, []);
  const kept = deploymentOf({ keepalive: 75 }, { keepsConnections: true });
  t.deepEqual(containerOf(kept, NONE, BALANCED).warnings, []);
});

test('the interpreter of whoever exports is not in the image, which has one of its own', (t) => {
  const { invocation } = pythonDeployment();
  const argv = ['--python', '/home/me/venv/bin/python', '--python=/usr/bin/python3', 'mysite.wsgi'];
  const { args } = containerOf(pythonDeployment({}, { invocation: { ...invocation, argv } }), NONE, BALANCED);
  t.is(args.at(-1), 'mysite.wsgi');
  t.false(args.some((word) => word.includes('python')));
});
