import { parseBind } from '@gunicorn-ts/config';
import type { Deployment, Settings } from '@gunicorn-ts/interface';
import { defaultSettings } from '../../../config/test/unit/default-settings.ts';

/** A deployment of `app.ts` in `/srv/app`, with some settings changed. */
export function deploymentOf(
  settings: Partial<Settings> = {},
  changes: Partial<Deployment> = {},
): Deployment {
  const all: Settings = { ...defaultSettings(), app: 'app.ts', bind: ['127.0.0.1:8000'], ...settings };
  return {
    name: 'app',
    version: '0.1.0',
    target: 'app.ts',
    settings: all,
    given: [],
    binds: all.bind.map((bind) => parseBind(bind)),
    keepsConnections: false,
    isPython: false,
    project: { names: [], texts: {} },
    invocation: {
      program: ['/usr/bin/node', '/opt/gunicorn.js'],
      isLauncher: false,
      argv: ['app.ts'],
      cwd: '/srv/app',
    },
    reads: ['/usr/bin/node', '/opt/gunicorn.js', '/srv/app'],
    environment: all.rawEnv,
    secrets: [],
    ...changes,
  };
}
