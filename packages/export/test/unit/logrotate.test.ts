import test from 'ava';
import { logRotation } from '../../src/index.ts';
import { deploymentOf } from './deployment-of.ts';

test('both logs are rotated at once, and the server that the pid file names opens new ones', (t) => {
  const settings = { errorlog: '/var/log/a/error.log', accesslog: '/var/log/a/access.log' };
  const text = logRotation(deploymentOf({ ...settings, pidfile: "/run/it's/pid" }));
  t.regex(text, /^\/var\/log\/a\/error\.log \/var\/log\/a\/access\.log \{$/m);
  t.true(text.includes(`! test -s '/run/it'"'"'s/pid' || kill -USR1 "$(cat '/run/it'"'"'s/pid')"`), text);
});

test('without a pid file systemd finds the server', (t) => {
  const text = logRotation(deploymentOf({ errorlog: '/var/log/a b.log' }));
  t.regex(text, /^"\/var\/log\/a b\.log" \{$/m);
  t.regex(text, /systemctl kill --kill-who=main --signal=USR1 app\.service/);
});

test('a folder of the user of the workers is entered as that user', (t) => {
  const text = logRotation(deploymentOf({ errorlog: '/l', user: 'web', group: 'www' }));
  t.regex(text, /^ {4}su web www$/m);
});

test('one file for both logs is named once, and what is no file is not named', (t) => {
  t.regex(logRotation(deploymentOf({ errorlog: '/l', accesslog: '/l' })), /^\/l \{$/m);
  t.regex(logRotation(deploymentOf({ errorlog: '/dev/stderr', accesslog: '/l' })), /^\/l \{$/m);
});

test('settings without a log file have nothing to rotate', (t) => {
  const error = { code: 'ERR_EXPORT_SETTING', message: /name no file/ };
  t.throws(() => logRotation(deploymentOf({ errorlog: '-' })), error);
  t.throws(() => logRotation(deploymentOf({ errorlog: '-', accesslog: '/dev/stdout' })), error);
});

test('a name that logrotate would read as a pattern is refused', (t) => {
  t.throws(() => logRotation(deploymentOf({ errorlog: '/var/log/*.log' })), { code: 'ERR_EXPORT_VALUE' });
});
