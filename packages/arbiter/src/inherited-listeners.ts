import type { ListenAddress, Listener } from '@gunicorn-ts/interface';
import { adoptListener } from '@gunicorn-ts/posix';
import { notAListener } from './errors.ts';

/** Carries the listeners of an arbiter to the second one that USR2 starts: `[{"bind":"…","origin":"opened","fd":3}]`. */
export const HAND_OVER_VARIABLE = 'GUNICORN_LISTENERS';
/** Carries the process id of the arbiter that hands over. */
export const PARENT_VARIABLE = 'GUNICORN_PID';

const SYSTEMD_FIRST_FD = 3;

/**
 * Who made a socket: this server (`opened`, also by an arbiter before us; `shared` for an application that listens
 * itself), somebody whose descriptor a bind names (`given`), or systemd (`activated`), whose sockets stand in place
 * of the binds.
 */
export type Origin = 'opened' | 'shared' | 'given' | 'activated';

/** A listening socket that this process was started with. */
export interface Inherited {
  readonly listener: Listener;
  /** The bind it belongs to; systemd knows nothing of our binds, so its sockets are `fd://N`. */
  readonly bind: string;
  readonly origin: Origin;
  /** Of a socket of systemd: `FileDescriptorName=` of its unit, or the name of the unit itself. */
  readonly name?: string;
}

/** What this process was started with. */
export interface Inheritance {
  readonly listeners: readonly Inherited[];
  /** Why sockets that systemd passed are not used. */
  readonly warning?: string;
}

type Environment = Record<string, string | undefined>;

/**
 * Takes the sockets that systemd or an arbiter before us passed on, and removes the variables that named
 * them: a worker or a grandchild must not believe that they are meant for it.
 * @throws OperatorError when a descriptor is not a listening socket.
 */
export function inheritedListeners(env: Environment, pid: number): Inheritance {
  const handedOver = env[HAND_OVER_VARIABLE];
  const { LISTEN_PID: meantFor, LISTEN_FDS: count, LISTEN_FDNAMES: names = '' } = env;
  for (const name of [HAND_OVER_VARIABLE, 'LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete env[name];
  if (handedOver !== undefined) return { listeners: parseHandOver(handedOver) };
  if (count === undefined) return { listeners: [] };
  const warning = whyNotMeant(count, meantFor, pid);
  return warning === undefined ? { listeners: activated(Number(count), names) } : { listeners: [], warning };
}

function activated(count: number, names: string): Inherited[] {
  const given = names.split(':');
  return Array.from({ length: count }, (_, index) => {
    const fd = SYSTEMD_FIRST_FD + index;
    const name = given[index] ?? '';
    const listener = takeInherited(fd, 'LISTEN_FDS');
    return { listener, bind: `fd://${fd}`, origin: 'activated', ...(name !== '' && { name }) };
  });
}

/** The descriptors of another process, or of nobody, are left alone (`sd_listen_fds(3)`). */
function whyNotMeant(count: string, meantFor: string | undefined, pid: number): string | undefined {
  if (!/^\d+$/.test(count)) return `LISTEN_FDS is '${count}' and not a number of sockets, so none is used`;
  if (meantFor === String(pid)) return undefined;
  const found = meantFor === undefined ? 'LISTEN_PID is not set' : `LISTEN_PID is ${meantFor}`;
  return `systemd passed ${count} socket(s) to another process (${found}, this is ${pid}), so they are not used; ExecStart= must start node itself, without npx, npm or a shell in between`;
}

function parseHandOver(text: string): Inherited[] {
  const entries = JSON.parse(text) as (Omit<Inherited, 'listener'> & { fd: number })[];
  return entries.map(({ fd, ...entry }) => ({ ...entry, listener: takeInherited(fd, HAND_OVER_VARIABLE) }));
}

/** The process id of the arbiter that started this one by USR2, if it is still our parent. */
export function upgradeParent(env: Environment, ppid: number): number | undefined {
  const parent = Number(env[PARENT_VARIABLE] ?? Number.NaN);
  delete env[PARENT_VARIABLE];
  // The first process of a PID namespace, which a container has, sees its parent as 0: that is nobody, and no arbiter.
  return parent > 0 && parent === ppid ? parent : undefined;
}

/** Looks at a descriptor that somebody says is a listener. */
export function takeInherited(fd: number, origin: string): Listener {
  try {
    const address = adoptListener(fd) as ListenAddress;
    return { fd, address, url: '' };
  } catch (error) {
    throw notAListener(fd, origin, error as Error);
  }
}
