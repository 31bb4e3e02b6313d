import { resolve } from 'node:path';
import type { Settings } from '@gunicorn-ts/interface';
import { parseBind } from './bind.ts';

/**
 * The same settings with every path made absolute: `chdir` from the launch directory, all others from
 * `chdir`. `-` stands for stdout or stderr and stays.
 */
export function makeAbsolute(settings: Settings, launchDirectory: string): Settings {
  const chdir = resolve(launchDirectory, settings.chdir);
  const absolute = <T extends string | undefined>(path: T): T =>
    (path === undefined || path === '-' ? path : resolve(chdir, path)) as T;
  return {
    ...settings,
    chdir,
    bind: settings.bind.map((entry) => {
      const target = parseBind(entry);
      return target.kind === 'unix' ? `unix:${absolute(target.path)}` : entry;
    }),
    pidfile: absolute(settings.pidfile),
    workerTmpDir: absolute(settings.workerTmpDir),
    errorlog: absolute(settings.errorlog),
    accesslog: absolute(settings.accesslog),
    certfile: absolute(settings.certfile),
    keyfile: absolute(settings.keyfile),
    caCerts: absolute(settings.caCerts),
    reloadExtraFiles: settings.reloadExtraFiles.map(absolute),
  };
}
