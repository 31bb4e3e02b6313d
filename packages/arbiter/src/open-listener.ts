import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NetworkBind } from '@gunicorn-ts/config';
import type { ListenAddress, Listener, Logger, Settings, WorkerIdentity } from '@gunicorn-ts/interface';
import { letOthersJoin, openTcpListener, openUnixListener } from '@gunicorn-ts/posix';
import { addressInUse, cannotListen } from './errors.ts';

const ATTEMPTS = 5;
const BETWEEN_ATTEMPTS_MS = 1000;
/** Ports that the kernel chose for one address, and that may be taken at the next one of the same bind. */
const PORT_ATTEMPTS = 20;
/** The host has no such address: no IPv6, a name whose address moved. */
const MISSING: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

export interface ListenerNeeds {
  readonly settings: Readonly<Settings>;
  readonly identity: WorkerIdentity | undefined;
  readonly log: Logger;
  /** The operator wrote `bind`: it is not the default. */
  readonly bindGiven: boolean;
}

/**
 * Opens a unix socket.
 * @throws OperatorError `ERR_ADDRESS_IN_USE`, `ERR_CANNOT_LISTEN`
 */
export async function openUnix(bind: string, file: string, needs: ListenerNeeds): Promise<Listener> {
  const { settings, identity } = needs;
  const { backlog, umask } = settings;
  const owner = identity === undefined ? {} : { owner: identity };
  const open = (): Listener => ({
    ...openUnixListener({ path: path.resolve(file), backlog, umask, ...owner }),
    url: '',
  });
  try {
    return await patiently(bind, open, needs);
  } catch (error) {
    throw refusal(bind, error);
  }
}

/**
 * Opens a socket for each address of a bind that this host has, all on one port.
 * @param wanted with the addresses that are not open yet
 * @param open its sockets that are open already
 * @param held all sockets that this server listens on
 * @throws OperatorError `ERR_ADDRESS_IN_USE`, `ERR_CANNOT_LISTEN` when it has none of them, or one is taken
 */
export async function openNetwork(
  wanted: NetworkBind,
  open: readonly Listener[],
  held: readonly Listener[],
  needs: ListenerNeeds,
): Promise<Listener[]> {
  for (let attempt = 1; ; attempt++) {
    const opened: Listener[] = [];
    try {
      await openEach(wanted, { open, held, opened }, needs);
      return opened;
    } catch (error) {
      for (const { fd } of opened) fs.closeSync(fd);
      const choosesPort = wanted.port === 0 && open.length === 0 && opened.length > 0;
      if (!(choosesPort && codeOf(error) === 'EADDRINUSE' && attempt < PORT_ATTEMPTS)) {
        throw refusal(wanted.bind, error);
      }
    }
  }
}

async function openEach(
  wanted: NetworkBind,
  {
    open,
    held,
    opened,
  }: { readonly open: readonly Listener[]; readonly held: readonly Listener[]; readonly opened: Listener[] },
  needs: ListenerNeeds,
): Promise<void> {
  let left = wanted.hosts.length + open.length;
  for (const host of wanted.hosts) {
    const port = portOf(open[0] ?? opened[0]) ?? wanted.port;
    try {
      const listen = (): Listener => listenBeside({ host, port }, held, needs.settings);
      // A port of the kernel's choice is given up at once for another one.
      opened.push(wanted.port === 0 ? listen() : await patiently(wanted.bind, listen, needs));
    } catch (error) {
      left -= 1;
      if (!MISSING.has(codeOf(error)) || left === 0) throw error;
      needs.log.warning(notListened(wanted.bind, host, codeOf(error)));
    }
  }
}

/** A reload may put a narrower address in the place of a wider one, or the reverse: both are open for a while. */
function listenBeside(
  { host, port }: { readonly host: string; readonly port: number },
  held: readonly Listener[],
  { backlog, reusePort }: Readonly<Settings>,
): Listener {
  const family = host.includes(':') ? 6 : 4;
  const rivals = held.filter(
    ({ address }) => address.kind === 'tcp' && address.port === port && address.family === family,
  );
  try {
    return { ...openTcpListener({ host, port, backlog, reusePort }), url: '' };
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE' || rivals.length === 0) throw error;
  }
  for (const { fd } of rivals) letOthersJoin(fd, true);
  try {
    const joined = openTcpListener({ host, port, backlog, reusePort: true });
    if (!reusePort) letOthersJoin(joined.fd, false);
    return { ...joined, url: '' };
  } finally {
    if (!reusePort) for (const { fd } of rivals) letOthersJoin(fd, false);
  }
}

function notListened(bind: string, host: string, code: unknown): string {
  const family = host.includes(':') ? 'IPv6' : 'IPv4';
  return `bind: ${bind} is not listened on at ${host}, since this host does not have it (${code}), and is at its other addresses; see \`ip address\` for ${family}, or bind a numeric address to be rid of this line`;
}

/** A busy address is tried five times, a second apart: the server before us may be about to leave. */
async function patiently(bind: string, listen: () => Listener, { log }: ListenerNeeds): Promise<Listener> {
  for (let attempt = 1; ; attempt++) {
    try {
      return listen();
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE' || attempt === ATTEMPTS) throw error;
      log.error(`Connection in use: ${bind}; retrying in 1 second`);
      await delay(BETWEEN_ATTEMPTS_MS);
    }
  }
}

function refusal(bind: string, error: unknown): Error {
  return codeOf(error) === 'EADDRINUSE' ? addressInUse(bind, ATTEMPTS) : cannotListen(bind, error as Error);
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code;
}

/** Whether a listener is at a numeric address. */
export function isAt({ address }: Listener, host: string): boolean {
  return address.kind === 'tcp' && address.host === host;
}

function portOf(listener: Listener | undefined): number | undefined {
  return listener?.address.kind === 'tcp' ? listener.address.port : undefined;
}

/**
 * One more socket on the address of another, for `reusePort`; a unix socket is shared instead. Its worker has it listen
 * when it can take what comes: what the kernel queued for one that does not boot, or is told to leave before, would be
 * reset.
 */
export function openSibling(first: Listener, settings: Readonly<Settings>): Listener {
  if (first.address.kind === 'unix') return first;
  const { host, port } = first.address;
  const { backlog } = settings;
  const opened = openTcpListener({ host, port, backlog, reusePort: true, listens: false });
  return withUrl({ ...opened, url: '' }, settings);
}

/** The listener with the URL that the settings make of its address. */
export function withUrl(listener: Listener, settings: Readonly<Settings>): Listener {
  return { ...listener, url: urlOf(listener.address, settings.certfile !== undefined) };
}

function urlOf(address: ListenAddress, tls: boolean): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  const host = address.family === 6 ? `[${address.host}]` : address.host;
  return `${tls ? 'https' : 'http'}://${host}:${address.port}`;
}
