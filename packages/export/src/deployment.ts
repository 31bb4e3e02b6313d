import path from 'node:path';
import { parseBind, type BindTarget } from '@gunicorn-ts/config';
import type { LoadedSettings, Settings } from '@gunicorn-ts/interface';

/** How the command is started. */
export interface Invocation {
  /** Absolute path of Node.js. */
  readonly node: string;
  /** Absolute path of the command's script. */
  readonly script: string;
  /** The server's own arguments, as they were given to `gunicorn export`. */
  readonly argv: readonly string[];
  /** The launch directory: the configuration file and relative paths are looked up from here. */
  readonly cwd: string;
}

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
  /** `NAME=VALUE` pairs of `rawEnv` that a file for everybody may hold. */
  readonly environment: readonly string[];
  /** Names of those that it may not: they look like secrets. */
  readonly secrets: readonly string[];
}

const SECRET_NAME = /KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|PRIVATE|DSN|_URL|_URI/i;

/** Everything that exporters need, out of the settings. Pure. */
export function describeDeployment(loaded: LoadedSettings, invocation: Invocation): Deployment {
  const { settings, workerClass } = loaded;
  const target = settings.app ?? 'app';
  const isSecret = (pair: string): boolean => SECRET_NAME.test(pair.split('=', 1)[0] ?? '');
  return {
    name: nameOf(settings.procName ?? projectOf(target, settings.chdir)),
    target,
    settings,
    binds: settings.bind.map((bind) => parseBind(bind)),
    keepsConnections: workerClass.serves.keepAlive && settings.keepalive > 0,
    invocation,
    environment: settings.rawEnv.filter((pair) => !isSecret(pair)),
    secrets: settings.rawEnv.filter(isSecret).map((pair) => pair.split('=', 1)[0] ?? ''),
  };
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
