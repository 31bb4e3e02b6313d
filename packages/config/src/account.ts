import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A user of this system. */
export interface UserAccount {
  readonly name: string;
  readonly uid: number;
  /** Its primary group. */
  readonly gid: number;
}

/** Finds a user by name or id in the text of `/etc/passwd`. */
export function findUser(passwd: string, user: string | number): UserAccount | undefined {
  for (const line of passwd.split('\n')) {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    const matches = typeof user === 'number' ? Number(uid) === user && uid !== '' : name === user;
    if (matches && /^\d+$/.test(uid) && /^\d+$/.test(gid))
      return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/** Finds the id of a group by name in the text of `/etc/group`. */
export function findGroup(groups: string, group: string): number | undefined {
  for (const line of groups.split('\n')) {
    const [name = '', , gid = ''] = line.split(':');
    if (name === group && /^\d+$/.test(gid)) return Number(gid);
  }
  return undefined;
}

/**
 * A user of this system: from `/etc/passwd`, or by the `id` command, which also asks what the file does
 * not hold (LDAP, systemd's dynamic users, the directory of macOS).
 */
export function lookUpUser(user: string | number): UserAccount | undefined {
  const found = findUser(readText('/etc/passwd'), user);
  if (found !== undefined) return found;
  const [name, uid, gid] = [['-un'], ['-u'], ['-g']].map((flags) =>
    run('id', [...flags, '--', String(user)]),
  );
  if (name === undefined || uid === undefined || gid === undefined) return undefined;
  return { name, uid: Number(uid), gid: Number(gid) };
}

/** The id of a group of this system: from `/etc/group`, or by `getent`. */
export function lookUpGroup(group: string): number | undefined {
  return (
    findGroup(readText('/etc/group'), group) ?? findGroup(run('getent', ['group', '--', group]) ?? '', group)
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function run(command: string, words: readonly string[]): string | undefined {
  try {
    return execFileSync(command, words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    }).trim();
  } catch {
    return undefined;
  }
}
