import { type ConfigInput, defineConfig, type FurtherInput } from '@gunicorn-ts/interface';
import test from 'ava';
import { pythonDefinitions } from '../../src/settings.ts';

/** The compiler sees whether a configuration file may have them: this file is checked with all tests. */
const typed = {
  python: '.venv/bin/python',
  pythonpath: ['/srv/lib'],
  threads: 4,
  processes: 2,
  logConfig: 'log.ini',
  logConfigJson: 'log.json',
  logConfigDict: { version: 1, loggers: { app: { level: 'DEBUG' } } },
  pythonConfig: 'gunicorn.conf.py',
  rootPath: '/api',
  asgiLoop: 'uvloop',
  asgiLifespan: 'on',
  asgiDisconnectGracePeriod: 3,
  websocketMaxMessageSize: '1mb',
  websocketPing: 20,
  websocketDeflate: true,
} satisfies Required<FurtherInput>;

test('a typed configuration file may have each setting of this package, and no misspelt one', (t) => {
  const config: ConfigInput = defineConfig({
    workers: 2,
    workerClass: 'gthread',
    ...typed,
    pythonpath: 'lib',
  });
  t.is(config.threads, 4);
  // @ts-expect-error -- A number of threads is a number.
  defineConfig({ threads: 'four' });
  // @ts-expect-error -- There is no such setting.
  defineConfig({ thread: 4 });
  t.deepEqual(pythonDefinitions.map(({ key }) => key).toSorted(), Object.keys(typed).toSorted());
});
