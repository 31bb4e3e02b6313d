import test from 'ava';
import { makeAbsolute } from '../../src/paths.ts';
import { builtinDefinitions } from '../../src/registry.ts';
import { defaultSettings } from './default-settings.ts';

test('Paths are seen from chdir, and chdir from the launch directory', (t) => {
  const settings = makeAbsolute(
    {
      ...defaultSettings(),
      chdir: 'app',
      pidfile: 'run/pid',
      errorlog: '-',
      accesslog: '/var/log/access.log',
      reloadExtraFiles: ['views/*.html'],
      bind: ['unix:app.sock', '127.0.0.1:80'],
    },
    '/srv',
    builtinDefinitions,
  );
  t.is(settings.chdir, '/srv/app');
  t.is(settings.pidfile, '/srv/app/run/pid');
  t.is(settings.errorlog, '-');
  t.is(settings.accesslog, '/var/log/access.log');
  t.deepEqual(settings.reloadExtraFiles, ['/srv/app/views/*.html']);
  t.deepEqual(settings.bind, ['unix:/srv/app/app.sock', '127.0.0.1:80']);
  t.is(settings.certfile, undefined);
});
