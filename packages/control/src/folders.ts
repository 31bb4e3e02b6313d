import { lstatSync, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder that a server's control socket is in when the settings name none, and how it is made. */
export interface ControlFolder {
  readonly path: string;
  /** It is made where it is not there; what it stands in must be there. */
  readonly within: string;
}

/** Where a server of this user puts its control socket: the first that can be used. */
export function controlFolders(env: NodeJS.ProcessEnv, uid: number): readonly ControlFolder[] {
  // systemd separates several by colons.
  const given = (env['RUNTIME_DIRECTORY'] ?? '').split(':').filter((folder) => folder !== '');
  const session = env['XDG_RUNTIME_DIR'] ?? '';
  const bases = [...given, ...(session === '' ? [] : [session]), ...(uid === 0 ? ['/run'] : [])];
  const shared = [...new Set([resolve(tmpdir()), '/tmp'])];
  return [
    ...bases.map((base) => ({ path: join(resolve(base), 'gunicorn'), within: resolve(base) })),
    // Anybody may make a folder of any name there.
    ...shared.map((base) => ({ path: join(base, `gunicorn-${uid}`), within: base })),
  ];
}

/** Why a folder is not to be used by this user, if it is not: somebody else could put a socket there. */
export function whyNotOurs(path: string, uid: number): string | undefined {
  const stat: Stats | undefined = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 'does not exist';
  if (!stat.isDirectory()) return 'is no folder';
  if (stat.uid !== uid) return `belongs to the user with id ${stat.uid}`;
  return (stat.mode & 0o022) === 0 ? undefined : 'may be written to by others';
}

/** `NAME.PID.sock`. */
export function socketName(name: string, pid: number): string {
  const plain = name.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '');
  return `${plain.slice(0, 32) || 'gunicorn'}.${pid}.sock`;
}

/** The process id in such a name. */
export function pidOfSocket(file: string): number | undefined {
  const found = /\.(\d+)\.sock$/.exec(file)?.[1];
  return found === undefined ? undefined : Number(found);
}
