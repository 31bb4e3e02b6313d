import { createRequire } from 'node:module';
import path from 'node:path';
import { parseBind } from '@gunicorn-ts/config';
import type { Deployment, Invocation, LoadedSettings, ProjectFiles } from '@gunicorn-ts/interface';
import { withoutVariables } from './invocation.ts';

/** All packages have the same version: that of the server. */
const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };

const SECRET_NAME = /KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|PRIVATE|DSN|_URL|_URI/i;

/** What the server has around it where it is exported. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Absolute paths of what it is made of, besides the words that start it. */
  readonly files?: readonly string[];
  readonly isPython?: boolean;
  readonly project?: ProjectFiles;
}

const NO_PROJECT: ProjectFiles = { names: [], texts: {} };

/** Everything that exporters need, out of the settings. Pure. */
export function describeDeployment(
  loaded: LoadedSettings,
  invocation: Invocation,
  { env = {}, files = [], isPython = false, project = NO_PROJECT }: Surroundings = {},
): Deployment {
  const { settings, workerClass } = loaded;
  const target = settings.app ?? 'app';
  const { program, cwd } = invocation;
  const { chdir, certfile, keyfile, caCerts } = settings;
  const isSecret = (pair: string): boolean => SECRET_NAME.test(pair.split('=', 1)[0] ?? '');
  const secrets = settings.rawEnv.filter(isSecret).map((pair) => pair.split('=', 1)[0] ?? '');
  return {
    name: nameOf(settings.procName ?? projectOf(target, settings.chdir)),
    version,
    target,
    settings,
    given: Object.entries(loaded.sources).flatMap(([key, { kind }]) =>
      kind.startsWith('default') ? [] : [key],
    ),
    binds: settings.bind.map((bind) => parseBind(bind)),
    keepsConnections: workerClass.serves.keepAlive && settings.keepalive > 0,
    isPython,
    project,
    invocation: { ...invocation, argv: withoutVariables(invocation.argv, secrets) },
    reads: [
      ...program.filter((word) => path.isAbsolute(word)),
      ...files,
      cwd,
      chdir,
      loaded.folder,
      loaded.configFile,
      ...settings.envFile,
      certfile,
      keyfile,
      caCerts,
    ].filter((file) => file !== undefined),
    environment: [...inherited(loaded, env), ...settings.rawEnv.filter((pair) => !isSecret(pair))],
    secrets,
  };
}

/** Variables of the environment that settings came from: without them the server would have others. */
function inherited(
  { sources, definitions }: LoadedSettings,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const names = Object.values(sources).flatMap((source) => {
    if (source.kind === 'default-env') return [source.variable];
    return source.kind === 'env' ? ['GUNICORN_CMD_ARGS'] : [];
  });
  // The interpreter of Python is found by it.
  if (definitions.some(({ key }) => key === 'python')) names.push('VIRTUAL_ENV');
  return [...new Set(names)].flatMap((name) => {
    const value = env[name];
    return value === undefined || value === '' ? [] : [`${name}=${value}`];
  });
}

/** `mysite` for `mysite.wsgi:application`, and the folder's name for `app.ts`. */
function projectOf(target: string, chdir: string): string {
  const module = /^([A-Za-z_]\w*)\.[\w.]+(?::|$)/.exec(target)?.[1];
  const isFile = /\.(?:[cm]?[jt]s|py)(?::|$)/.test(target);
  return module === undefined || isFile ? path.basename(chdir) : module;
}

function nameOf(text: string): string {
  const name = text.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  return name === '' ? 'gunicorn' : name;
}
