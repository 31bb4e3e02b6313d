import path from 'node:path';
import { parseBind, type BindTarget } from '@gunicorn-ts/config';
import type { LoadedSettings, Settings } from '@gunicorn-ts/interface';
import { type Invocation, withoutVariables } from './invocation.ts';

/** What an exporter has to know: the server's settings, and how it is started. Plain data. */
export interface Deployment {
  /** Names files, units and upstreams: letters, digits, `_`, `.` and `-`. */
  readonly name: string;
  /** The application, as the server names it. */
  readonly target: string;
  readonly settings: Readonly<Settings>;
  readonly binds: readonly BindTarget[];
  /** Whether the worker class keeps connections for further requests. */
  readonly keepsConnections: boolean;
  readonly invocation: Invocation;
  /** Absolute paths that the server reads. */
  readonly reads: readonly string[];
  /** `NAME=VALUE` pairs that a file for everybody may hold: of `rawEnv`, and those that settings came from. */
  readonly environment: readonly string[];
  /** Names of those that it may not: they look like secrets. */
  readonly secrets: readonly string[];
}

const SECRET_NAME = /KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|PRIVATE|DSN|_URL|_URI/i;

/** What the server has around it where it is exported. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Absolute paths of what it is made of, besides the words that start it. */
  readonly files?: readonly string[];
}

/** Everything that exporters need, out of the settings. Pure. */
export function describeDeployment(
  loaded: LoadedSettings,
  invocation: Invocation,
  { env = {}, files = [] }: Surroundings = {},
): Deployment {
  const { settings, workerClass } = loaded;
  const target = settings.app ?? 'app';
  const { program, cwd } = invocation;
  const { chdir, certfile, keyfile, caCerts } = settings;
  const isSecret = (pair: string): boolean => SECRET_NAME.test(pair.split('=', 1)[0] ?? '');
  const secrets = settings.rawEnv.filter(isSecret).map((pair) => pair.split('=', 1)[0] ?? '');
  return {
    name: nameOf(settings.procName ?? projectOf(target, settings.chdir)),
    target,
    settings,
    binds: settings.bind.map((bind) => parseBind(bind)),
    keepsConnections: workerClass.serves.keepAlive && settings.keepalive > 0,
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
