import test from 'ava';
import type { Unit } from '@gunicorn-ts/systemd';
import { serviceUnit, socketUnit, type UnitOptions } from '../../src/index.ts';
import { canBeActivated } from '../../src/systemd/activation.ts';
import { deploymentOf } from './deployment-of.ts';

const OPTIONS: UnitOptions = { forUser: false, template: false, socket: true };

/** The values of a key, in order. */
function valuesOf({ sections }: Unit, key: string): string[] {
  return sections.flatMap(({ entries }) => entries.flatMap((one) => (one.key === key ? [one.value] : [])));
}

test('a reload is asked for by a command that waits for its outcome, of the server that systemd knows', (t) => {
  const reloadOf = (settings: object): string | undefined =>
    valuesOf(serviceUnit(deploymentOf(settings), OPTIONS), 'ExecReload')[0];
  t.regex(reloadOf({}) ?? '', /^\/\S+ (?:\S+ )?reload --until accepted -p \$\{MAINPID\}$/);
  t.regex(reloadOf({ controlSocket: '/run/a b/$ctl' }) ?? '', / -s "\/run\/a b\/\$\$ctl"$/);
  t.is(reloadOf({ controlSocketDisable: true }), '/bin/kill -HUP $MAINPID');
});

test('a stop waits for its end by a command, whose failure leaves it to systemd', (t) => {
  const stopOf = (settings: object): string | undefined =>
    valuesOf(serviceUnit(deploymentOf(settings), OPTIONS), 'ExecStop')[0];
  t.regex(stopOf({}) ?? '', /^-\/\S+ (?:\S+ )?stop -p \$\{MAINPID\}$/);
  t.regex(stopOf({ controlSocketDisable: true }) ?? '', / stop -p \$\{MAINPID\}$/);
  t.regex(stopOf({ controlSocket: '/run/ctl' }) ?? '', / stop -s \/run\/ctl$/);
});

test('the control socket has a folder below /run', (t) => {
  t.deepEqual(valuesOf(serviceUnit(deploymentOf(), { ...OPTIONS, socket: false }), 'RuntimeDirectory'), [
    'app',
  ]);
});

test('code that was compiled is kept where the service may write, and in the home of a user who has one', (t) => {
  t.deepEqual(valuesOf(serviceUnit(deploymentOf(), OPTIONS), 'CacheDirectory'), ['app']);
  t.deepEqual(valuesOf(serviceUnit(deploymentOf(), { ...OPTIONS, forUser: true }), 'CacheDirectory'), []);
});

test('systemd is more patient than the server', (t) => {
  const unit = serviceUnit(deploymentOf({ gracefulTimeout: 45, bootTimeout: 0 }), OPTIONS);
  t.deepEqual(valuesOf(unit, 'TimeoutStopSec'), ['55s']);
  t.deepEqual(valuesOf(unit, 'TimeoutStartSec'), ['infinity']);
});

test('the number of connections is allowed for in descriptors', (t) => {
  const unit = serviceUnit(deploymentOf({ workerConnections: 20_000 }), OPTIONS);
  t.deepEqual(valuesOf(unit, 'LimitNOFILE'), ['65536']);
});

test('without a user of its own the service gets one from systemd', (t) => {
  t.deepEqual(valuesOf(serviceUnit(deploymentOf(), OPTIONS), 'DynamicUser'), ['yes']);
  const unit = serviceUnit(deploymentOf({ user: 'www-data', group: 'web', umask: 0o27 }), OPTIONS);
  t.deepEqual(valuesOf(unit, 'DynamicUser'), []);
  t.deepEqual(valuesOf(unit, 'User'), ['www-data']);
  t.deepEqual(valuesOf(unit, 'Group'), ['web']);
  t.deepEqual(valuesOf(unit, 'UMask'), ['0027']);
});

test('folders for the pid file, the logs and the socket are made by systemd', (t) => {
  const settings = {
    bind: ['unix:/run/shop/http.sock'],
    pidfile: '/run/shop/pid',
    accesslog: '/var/log/shop/access.log',
    errorlog: '/data/logs/error.log',
  };
  const unit = serviceUnit(deploymentOf(settings), { ...OPTIONS, socket: false });
  t.deepEqual(valuesOf(unit, 'RuntimeDirectory'), ['shop']);
  t.deepEqual(valuesOf(unit, 'LogsDirectory'), ['shop']);
  t.deepEqual(valuesOf(unit, 'ReadWritePaths'), ['-/data/logs']);
});

test('a server that lives among temporary files, or in the folder of a user, is not kept from them', (t) => {
  const hidden = serviceUnit(deploymentOf(), OPTIONS);
  t.deepEqual([valuesOf(hidden, 'PrivateTmp'), valuesOf(hidden, 'ProtectHome')], [['yes'], ['yes']]);
  const reads = ['/home/me/app', '/var/tmp/certificate.pem'];
  const open = serviceUnit(deploymentOf({}, { reads }), OPTIONS);
  t.deepEqual([valuesOf(open, 'PrivateTmp'), valuesOf(open, 'ProtectHome')], [['no'], ['read-only']]);
  t.deepEqual(valuesOf(open, 'ReadWritePaths'), ['/tmp /var/tmp']);
});

test('a folder of the user’s manager is no folder of the system’s', (t) => {
  const deployment = deploymentOf({ bind: ['unix:/run/user/1000/shop/http.sock'] });
  const ofUser = serviceUnit(deployment, { ...OPTIONS, socket: false, forUser: true });
  t.deepEqual(valuesOf(ofUser, 'RuntimeDirectory'), ['shop']);
  const ofSystem = serviceUnit(deployment, { ...OPTIONS, socket: false });
  t.deepEqual(valuesOf(ofSystem, 'RuntimeDirectory'), ['app']);
  t.deepEqual(valuesOf(ofSystem, 'ReadWritePaths'), ['-/run/user/1000/shop']);
});

test('a low port takes a capability, unless systemd binds it', (t) => {
  const low = deploymentOf({ bind: [':80'] });
  t.deepEqual(valuesOf(serviceUnit(low, { ...OPTIONS, socket: false }), 'CapabilityBoundingSet'), [
    'CAP_NET_BIND_SERVICE',
  ]);
  t.deepEqual(valuesOf(serviceUnit(low, OPTIONS), 'CapabilityBoundingSet'), ['']);
});

test('secrets stay out of the unit, and their names are told', (t) => {
  const unit = serviceUnit(deploymentOf({}, { environment: ['A=1'], secrets: ['SECRET_KEY'] }), OPTIONS);
  t.deepEqual(valuesOf(unit, 'Environment'), ['A=1']);
  t.regex(JSON.stringify(unit), /Secrets belong here[^"]*SECRET_KEY/);
});

test('a unit for a user has no other user, and is wanted by the default target', (t) => {
  const unit = serviceUnit(deploymentOf({ user: 'www-data' }), { ...OPTIONS, forUser: true });
  for (const key of ['User', 'DynamicUser', 'ProtectSystem', 'CapabilityBoundingSet']) {
    t.deepEqual(valuesOf(unit, key), [], key);
  }
  t.deepEqual(valuesOf(unit, 'WantedBy'), ['default.target']);
});

test('instances of a template have a socket and an environment of their own', (t) => {
  const options = { ...OPTIONS, template: true };
  t.deepEqual(valuesOf(socketUnit(deploymentOf(), options), 'ListenStream'), ['%t/app/%i.sock']);
  t.deepEqual(valuesOf(serviceUnit(deploymentOf(), options), 'EnvironmentFile'), ['-/etc/app/%i.env']);
  t.deepEqual(valuesOf(serviceUnit(deploymentOf(), options), 'Requires'), ['app@%i.socket']);
});

test('each address is a stream of the socket unit', (t) => {
  const binds = { bind: ['127.0.0.1:8000', '[::1]:8000', 'unix:/run/app/http.sock'], umask: 0o7 };
  const unit = socketUnit(deploymentOf({ ...binds, group: 'web' }), OPTIONS);
  t.deepEqual(valuesOf(unit, 'ListenStream'), ['127.0.0.1:8000', '[::1]:8000', '/run/app/http.sock']);
  t.deepEqual(valuesOf(unit, 'SocketMode'), ['0770']);
  t.deepEqual(valuesOf(unit, 'SocketGroup'), ['web']);
  t.deepEqual(valuesOf(unit, 'BindIPv6Only'), ['ipv6-only']);
});

test('the unit of [::] has a stream for IPv4 beside it, as the server itself', (t) => {
  const streams = (bind: string[]): unknown =>
    valuesOf(socketUnit(deploymentOf({ bind }), OPTIONS), 'ListenStream');
  t.deepEqual(streams(['[::]:8000']), ['[::]:8000', '0.0.0.0:8000']);
  t.deepEqual(streams(['[::]:8000', '127.0.0.1:8000']), ['[::]:8000', '127.0.0.1:8000']);
});

test('sockets that come from elsewhere, and one for each worker, are not systemd’s to hold', (t) => {
  t.true(canBeActivated(deploymentOf()));
  t.false(canBeActivated(deploymentOf({ bind: ['fd://3'] })));
  t.false(canBeActivated(deploymentOf({ reusePort: true })));
});

test('a launcher is started by itself, and by the words that it needs', (t) => {
  for (const [program, started] of [
    [['/srv/venv/bin/gunicorn'], '/srv/venv/bin/gunicorn app.ts'],
    [['/srv/venv/bin/python', '-m', 'gunicorn_ts'], '/srv/venv/bin/python -m gunicorn_ts app.ts'],
  ] as const) {
    const invocation = { program, isLauncher: true, argv: ['app.ts'], cwd: '/srv' };
    t.deepEqual(valuesOf(serviceUnit(deploymentOf({}, { invocation }), OPTIONS), 'ExecStart'), [started]);
  }
});
