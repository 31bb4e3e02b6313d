import { parseBind } from '@gunicorn-ts/config';
import type { Deployment, ProjectFiles, Settings } from '@gunicorn-ts/interface';
import { defaultSettings } from '../../../config/test/unit/default-settings.ts';

/** A project for Node.js with pnpm, which names the server. */
export const NODE_PROJECT: ProjectFiles = {
  names: ['app.ts', 'package.json', 'pnpm-lock.yaml'],
  texts: { 'package.json': '{"dependencies":{"gunicorn-ts":"^0.1.0"},"packageManager":"pnpm@10.4.1"}' },
};

/** A project in Python with uv. */
export const PYTHON_PROJECT: ProjectFiles = {
  names: ['mysite', 'pyproject.toml', 'uv.lock'],
  texts: { 'pyproject.toml': '[project]\ndependencies = ["django", "gunicorn-ts"]\n' },
};

/** A deployment in `/srv/shop`, with some settings given. */
export function deploymentOf(
  settings: Partial<Settings> = {},
  changes: Partial<Deployment> = {},
): Deployment {
  const all: Settings = {
    ...defaultSettings(),
    app: 'app.ts',
    chdir: '/srv/shop',
    bind: ['127.0.0.1:8000'],
    maxWorkerMemory: 200 * 1024 * 1024,
    forwardedAllowIps: ['10.0.0.0/8'],
    ...settings,
  };
  return {
    name: 'shop',
    version: '0.1.0',
    target: 'app.ts',
    settings: all,
    given: ['forwardedAllowIps', ...Object.keys(settings)],
    binds: all.bind.map((bind) => parseBind(bind)),
    keepsConnections: all.workerClass !== 'sync',
    isPython: false,
    invocation: {
      program: ['/usr/bin/node', '/opt/gunicorn.js'],
      isLauncher: false,
      argv: ['app.ts'],
      cwd: '/srv/shop',
    },
    reads: ['/srv/shop'],
    project: NODE_PROJECT,
    environment: all.rawEnv,
    secrets: [],
    ...changes,
  };
}

/** The same for an application in Python, installed by pip. */
export function pythonDeployment(
  settings: Partial<Settings> = {},
  changes: Partial<Deployment> = {},
): Deployment {
  return deploymentOf(settings, {
    target: 'mysite.wsgi',
    isPython: true,
    project: PYTHON_PROJECT,
    invocation: {
      program: ['/srv/shop/.venv/bin/gunicorn'],
      isLauncher: true,
      argv: ['mysite.wsgi'],
      cwd: '/srv/shop',
    },
    ...changes,
  });
}
