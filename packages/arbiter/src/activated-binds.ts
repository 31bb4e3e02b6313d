import { parseBind } from '@gunicorn-ts/config';
import type { BindTarget, ListenAddress, Listener } from '@gunicorn-ts/interface';
import { socketNotPassed } from './errors.ts';

/** A socket that is open, with what it is known by. */
interface OpenSocket {
  readonly bind: string;
  readonly name?: string;
  readonly slots: ReadonlyMap<number, Listener>;
}

/**
 * What the settings bind, against the sockets that systemd passed, which are served in place of addresses. `open`: what
 * is to be opened beside them. `unserved`: addresses that none of the sockets has.
 * @throws OperatorError when a bind names a socket that systemd did not pass.
 */
export function compareBinds(
  binds: readonly string[],
  sockets: readonly OpenSocket[],
): { readonly open: readonly string[]; readonly unserved: readonly string[] } {
  if (sockets.length === 0) return { open: binds, unserved: [] };
  const open: string[] = [];
  const unserved: string[] = [];
  for (const bind of binds) {
    const target = parseBind(bind);
    const served = sockets.some((socket) => answers(socket, target));
    if ('name' in target && !served) throw socketNotPassed(target.name, describe(sockets));
    if (target.kind === 'fd' && !served) open.push(bind);
    else if (!served) unserved.push(bind);
  }
  return { open, unserved };
}

/** The warning for an address that systemd's sockets stand in place of, and do not have. */
export function notOpened(bind: string, sockets: readonly OpenSocket[]): string {
  return `bind: ${bind} is not opened, since systemd passed sockets and they are served in its place: ${describe(sockets)}; add ListenStream= for it to the socket unit, or remove it`;
}

function answers(socket: OpenSocket, target: BindTarget): boolean {
  if ('name' in target) return socket.name === target.name;
  if (target.kind === 'fd') return socket.bind === `fd://${target.fd}`;
  const address = addressOf(socket);
  if (address?.kind === 'unix') return target.kind === 'unix' && target.path === address.path;
  if (address === undefined || target.kind === 'unix' || target.port !== address.port) return false;
  // A host name may be any address, and a socket for all addresses has each of them.
  return (
    target.host === address.host || ['::', '0.0.0.0'].includes(address.host) || /[a-z]/.test(target.host)
  );
}

function describe(sockets: readonly OpenSocket[]): string {
  return sockets
    .map(
      (socket) => `${addressText(addressOf(socket))}${socket.name === undefined ? '' : ` (${socket.name})`}`,
    )
    .join(', ');
}

function addressOf(socket: OpenSocket): ListenAddress | undefined {
  return socket.slots.get(0)?.address;
}

function addressText(address: ListenAddress | undefined): string {
  if (address === undefined) return 'a socket';
  if (address.kind === 'unix') return `unix:${address.path}`;
  return address.family === 6 ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
