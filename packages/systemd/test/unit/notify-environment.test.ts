import test from 'ava';
import { takeNotifyEnvironment } from '../../src/notify/notify-environment.ts';

test('the variables are read, and removed from the environment', (t) => {
  const env = {
    NOTIFY_SOCKET: '/run/systemd/notify',
    WATCHDOG_USEC: '30000000',
    WATCHDOG_PID: '42',
    PATH: '/bin',
  };
  t.deepEqual(takeNotifyEnvironment(env, 42), {
    socket: '/run/systemd/notify',
    watchdogUsec: 30_000_000,
    forSecondArbiter: { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '30000000' },
  });
  t.deepEqual(env as object, { PATH: '/bin' });
});

test('a watchdog that is meant for another process is none', (t) => {
  const env = { NOTIFY_SOCKET: '@notify', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '41' };
  t.deepEqual(takeNotifyEnvironment(env, 42), {
    socket: '@notify',
    watchdogUsec: undefined,
    forSecondArbiter: { NOTIFY_SOCKET: '@notify' },
  });
});

test('a watchdog without a process is meant for whoever reads it', (t) => {
  t.is(takeNotifyEnvironment({ NOTIFY_SOCKET: '/s', WATCHDOG_USEC: '5' }, 42)?.watchdogUsec, 5);
});

for (const usec of ['', '0', '-5', 'soon', '1.5']) {
  test(`WATCHDOG_USEC="${usec}" asks for nothing`, (t) => {
    t.is(takeNotifyEnvironment({ NOTIFY_SOCKET: '/s', WATCHDOG_USEC: usec }, 42)?.watchdogUsec, undefined);
  });
}

for (const socket of [undefined, '', '/', '@', 'relative', 'vsock:2:9999']) {
  test(`NOTIFY_SOCKET=${socket} is nobody to report to`, (t) => {
    const env: Record<string, string | undefined> = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '5' };
    t.is(takeNotifyEnvironment(env, 42), undefined);
    t.deepEqual(Object.keys(env), []);
  });
}
