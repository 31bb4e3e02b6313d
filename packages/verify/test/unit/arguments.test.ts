import test from 'ava';
import { readVerifyArguments } from '../../src/arguments.ts';
import { argumentsOfCopy, environmentOfCopy } from '../../src/copy/arguments-of-copy.ts';
import { reachable } from '../../src/copy/attached-server.ts';
import { troublesIn } from '../../src/copy/copied-server.ts';
import { identityOf } from '../../src/identity.ts';
import { certificatesAskedIn, loggingConfigIn } from '../../src/copy/printed-settings.ts';
import { plan } from '../../src/plan.ts';
import { Random } from '../../src/random.ts';

test('words of the server stand anywhere, and are kept in their order', (t) => {
  const asked = readVerifyArguments([
    '-w',
    '2',
    '--times',
    '5',
    'app.ts',
    '--seed=9',
    '--only',
    'stop,reload',
  ]);
  t.deepEqual(asked.serverArguments, ['-w', '2', 'app.ts']);
  t.is(asked.times, 5);
  t.is(asked.seed, 9);
  t.deepEqual(asked.only, ['reload', 'stop']);
});

const MISUSES: readonly (readonly [argv: readonly string[], what: RegExp])[] = [
  [['--times', '0'], /--times takes a number from 1/],
  [['--rate', 'fast'], /--rate takes a number .* not "fast"/],
  [['--only', 'flood'], /--only knows no "flood"/],
  [['--path', 'here'], /--path begins with \//],
  [['--url', 'ftp://a'], /--url takes an http/],
  [['--url', 'http://127.0.0.1:1', 'app.ts'], /takes no "app.ts"/],
  [['--attach', 'run.pid', 'app.ts'], /--attach .* takes no "app.ts"/],
  [['--attach', 'run.pid', '--url', 'http://127.0.0.1:1'], /name two servers/],
  [['--upload', 'here'], /--upload begins with \//],
];

for (const [argv, what] of MISUSES) {
  test(`${argv.join(' ')} is refused`, (t) => {
    t.throws(() => readVerifyArguments(argv), { message: what, code: 'ERR_VERIFY_USAGE' });
  });
}

const place = { folder: '/tmp/x', port: 0, syslogPort: 5140 };

test('what the running server has for itself is not passed on to a copy', (t) => {
  const words = argumentsOfCopy(
    ['-b', '0.0.0.0:80', '--bind=[::]:80', '-b:1', '-D', '-w', '4', 'app.ts'],
    place,
  );
  t.deepEqual(words.slice(0, 3), ['-w', '4', 'app.ts']);
  t.is(words.filter((word) => word.includes('bind')).join(), '--bind=127.0.0.1:0,--admin-bind=');
  t.false(words.includes('-D'));
});

test('flags of the operator do not come back behind a double dash or by a short name', (t) => {
  const words = argumentsOfCopy(['-prun.pid', '--access-logf', '-', '--', 'app.ts'], place);
  t.deepEqual(words.slice(-2), ['--', 'app.ts']);
  t.true(words.indexOf('--pid=/tmp/x/pid') > words.indexOf('-prun.pid'));
});

test("settings for Python's logging are found wherever they come from", (t) => {
  const none = 'logConfig     = undefined  # default\nlogConfigDict = undefined  # default\n';
  t.is(loggingConfigIn(none), undefined);
  t.deepEqual(loggingConfigIn(`${none}logConfigJson = '/srv/a # b.json'  # flag --log-config-json\n`), {
    setting: 'logConfigJson',
    source: 'flag --log-config-json',
  });
  t.deepEqual(loggingConfigIn('logConfigDict = {"version":1}  # /srv/gunicorn.conf.ts:4'), {
    setting: 'logConfigDict',
    source: '/srv/gunicorn.conf.ts:4',
  });
});

test('whether every client must show a certificate is read from the settings, and what is named of one is whole', (t) => {
  t.is(certificatesAskedIn('certReqs  = 2  # /srv/gunicorn.conf.ts:4\n'), '/srv/gunicorn.conf.ts:4');
  t.is(certificatesAskedIn('certReqs  = 1  # flag --cert-reqs\n'), undefined);
  t.is(identityOf({ clientCert: undefined, clientKey: undefined }), undefined);
  for (const [clientCert, clientKey, message] of [
    ['a.pem', undefined, /--client-cert stands alone/],
    [undefined, 'a.key', /--client-key stands alone/],
    ['/nowhere/a.pem', 'a.key', /--client-cert \/nowhere\/a\.pem cannot be read/],
  ] as const)
    t.throws(() => identityOf({ clientCert, clientKey }), { code: 'ERR_VERIFY_USAGE', message });
});

test('a process that ends before it has a log is heard all the same', (t) => {
  const log =
    '[2026-11-28 03:00:00 +0000] [7] [ERROR] Upgrade failed: the second arbiter exited with code 1\n[x] [INFO] a\n';
  t.deepEqual(troublesIn(log, '\nError: the address is in use [ERR_BIND]\n'), [
    'Upgrade failed: the second arbiter exited with code 1',
    'the address is in use [ERR_BIND]',
  ]);
});

test('a copy is not the process that systemd waits for', (t) => {
  t.deepEqual(environmentOfCopy({ NOTIFY_SOCKET: '/run/n', LISTEN_FDS: '1', PATH: '/bin' }), {
    PATH: '/bin',
  });
});

test('a listener on every address is reached at the loopback one, and one on a unix socket is not', (t) => {
  t.is(reachable('http://0.0.0.0:8000')?.href, 'http://127.0.0.1:8000/');
  t.is(reachable('https://[::]:8443')?.href, 'https://[::1]:8443/');
  t.is(reachable('unix:/run/app.sock'), undefined);
});

test('a hang is shown once where it is waited for long, and what exchanges the arbiter comes last', (t) => {
  const only = ['hang', 'upgrade', 'reload', 'kill-arbiter', 'memory-limit', 'stop'] as const;
  const of = (timeout: number): Record<string, number> =>
    Object.fromEntries(
      Object.entries(Object.groupBy(plan({ only, times: 3 }, new Random(1), timeout), (name) => name)).map(
        ([name, all]) => [name, all.length],
      ),
    );
  t.like(of(5), { hang: 3, reload: 3, 'memory-limit': 1, 'kill-arbiter': 3 });
  t.like(of(30), { hang: 1, reload: 3 });
  t.deepEqual(plan({ only, times: 1 }, new Random(1), 5).slice(-2), ['upgrade', 'kill-arbiter']);
});
