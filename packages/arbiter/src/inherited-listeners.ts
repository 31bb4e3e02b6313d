import type { ListenAddress, Listener } from '@gunicorn-ts/interface';
import { adoptListener } from '@gunicorn-ts/posix';
import { notAListener } from './errors.ts';
import type { Origin } from './listener-pool.ts';

/** Carries the listeners of an arbiter to the second one that USR2 starts: `[{"bind":"…","origin":"opened","fd":3}]`. */
export const HAND_OVER_VARIABLE = 'GUNICORN_LISTENERS';
/** Carries the process id of the arbiter that hands over. */
export const PARENT_VARIABLE = 'GUNICORN_PID';

const SYSTEMD_FIRST_FD = 3;

/** A listening socket that this process was started with. */
export interface Inherited {
  readonly listener: Listener;
  /** The bind it belongs to; systemd knows nothing of our binds, so its sockets are `fd://N`. */
  readonly bind: string;
  readonly origin: Origin;
}

type Environment = Record<string, string | undefined>;

/**
 * Takes the sockets that systemd or an arbiter before us passed on, and removes the variables that named
 * them: a worker or a grandchild must not believe that they are meant for it.
 * @throws OperatorError when a descriptor is not a listening socket.
 */
export function inheritedListeners(env: Environment, pid: number): Inherited[] {
  const handedOver = env[HAND_OVER_VARIABLE];
  const activated = env['LISTEN_PID'] === String(pid) ? Number(env['LISTEN_FDS'] ?? 0) : 0;
  for (const name of [HAND_OVER_VARIABLE, 'LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete env[name];
  if (handedOver !== undefined) return parseHandOver(handedOver);
  return Array.from({ length: activated }, (_, index) => {
    const fd = SYSTEMD_FIRST_FD + index;
    return { listener: takeInherited(fd, 'LISTEN_FDS'), bind: `fd://${fd}`, origin: 'activated' };
  });
}

function parseHandOver(text: string): Inherited[] {
  const entries = JSON.parse(text) as { bind: string; origin: Origin; fd: number }[];
  return entries.map(({ fd, bind, origin }) => ({
    listener: takeInherited(fd, HAND_OVER_VARIABLE),
    bind,
    origin,
  }));
}

/** The process id of the arbiter that started this one by USR2, if it is still our parent. */
export function upgradeParent(env: Environment, ppid: number): number | undefined {
  const parent = Number(env[PARENT_VARIABLE] ?? 0);
  delete env[PARENT_VARIABLE];
  return parent === ppid ? parent : undefined;
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
