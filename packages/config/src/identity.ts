import type { Settings, WorkerIdentity } from '@gunicorn-ts/interface';
import { lookUpGroup, lookUpUser, type UserAccount } from './account.ts';

/** Who runs this process, and who was asked for. */
export interface IdentityFacts {
  /** Effective ids of this process. */
  readonly uid: number;
  readonly gid: number;
  /** The account behind `user`, when the system knows one. */
  readonly user: UserAccount | undefined;
  /** The id behind `group`, when the system knows one. */
  readonly group: number | undefined;
}

type IdentitySettings = Pick<Settings, 'user' | 'group' | 'initgroups'>;

/** Looks `user` and `group` up. Reads `/etc/passwd` and `/etc/group`; see `account.ts` for what else. */
export function gatherIdentity(settings: IdentitySettings): IdentityFacts {
  return {
    uid: process.geteuid?.() ?? 0,
    gid: process.getegid?.() ?? 0,
    user: settings.user === undefined ? undefined : lookUpUser(settings.user),
    group: typeof settings.group === 'string' ? lookUpGroup(settings.group) : settings.group,
  };
}

/**
 * Who workers become; `undefined` when they stay what the arbiter is. Ids need no account, so that a
 * container can say `--user 1000 --group 1000`.
 */
export function resolveIdentity(
  settings: IdentitySettings,
  facts: IdentityFacts,
): WorkerIdentity | undefined {
  if (settings.user === undefined && settings.group === undefined) return undefined;
  const uid = settings.user === undefined ? facts.uid : (facts.user?.uid ?? Number(settings.user));
  const gid =
    settings.group === undefined ? (facts.user?.gid ?? facts.gid) : (facts.group ?? Number(settings.group));
  if (uid === facts.uid && gid === facts.gid && !settings.initgroups) return undefined;
  return { uid, gid, initgroupsUser: settings.initgroups ? facts.user?.name : undefined };
}

/** Who the workers of these settings run as; `undefined` when nothing changes. The settings were checked before. */
export function identityOf(settings: Readonly<Settings>): WorkerIdentity | undefined {
  return resolveIdentity(settings, gatherIdentity(settings));
}
