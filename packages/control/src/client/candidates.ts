import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { controlFolders, pidOfSocket, whyNotOurs } from '../folders.ts';

/** Where sockets may be. */
export interface Places {
  readonly folders: readonly string[];
  /** Paths of sockets that somebody listens on, as the kernel lists them. */
  readonly bound: readonly string[];
}

const IS_CONTROL = /\/gunicorn(?:-\d+)?\/[\w.-]+\.\d+\.sock$/;

/** Control sockets that servers chose a place for themselves, as far as this user can see them. */
export function candidates(env: NodeJS.ProcessEnv): readonly string[] {
  const uid = process.geteuid?.() ?? -1;
  const folders = controlFolders(env, uid).map(({ path }) => path);
  // Names in folders of others are theirs to choose, and would lead this user to speak to them.
  const ours = folders.filter((path) => whyNotOurs(path, uid) === undefined);
  const found = ours.flatMap((folder) => socketsIn(folder));
  return [...new Set([...found, ...boundSockets()])];
}

function socketsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((file) => pidOfSocket(file) !== undefined)
      .map((file) => join(folder, file));
  } catch {
    return [];
  }
}

/** Linux lists the sockets of all users in this network namespace; root is let in everywhere. */
function boundSockets(): readonly string[] {
  try {
    return controlSocketsIn(readFileSync('/proc/net/unix', 'utf8'));
  } catch {
    return [];
  }
}

/** The paths of control sockets in such a list. Pure. */
export function controlSocketsIn(list: string): readonly string[] {
  return list
    .split('\n')
    .map((line) => line.split(/\s+/).slice(7).join(' '))
    .filter((path) => path.startsWith('/') && IS_CONTROL.test(path));
}
