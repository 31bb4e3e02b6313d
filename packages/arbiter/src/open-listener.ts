import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BindTarget } from '@gunicorn-ts/config';
import type { ListenAddress, Listener, Logger, Settings, WorkerIdentity } from '@gunicorn-ts/interface';
import { openTcpListener, openUnixListener } from '@gunicorn-ts/posix';
import { addressInUse, cannotListen } from './errors.ts';

const ATTEMPTS = 5;
const BETWEEN_ATTEMPTS_MS = 1000;

type Address = Exclude<BindTarget, { kind: 'fd' }>;

export interface ListenerNeeds {
  readonly settings: Readonly<Settings>;
  readonly identity: WorkerIdentity | undefined;
  readonly log: Logger;
  /** The operator wrote `bind`: it is not the default. */
  readonly bindGiven: boolean;
}

/**
 * Opens a listening socket. A busy address is tried five times, a second apart: the server before us may be
 * about to leave.
 * @throws OperatorError `ERR_ADDRESS_IN_USE`, `ERR_CANNOT_LISTEN`
 */
export async function openListener(text: string, address: Address, needs: ListenerNeeds): Promise<Listener> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listen(address, needs);
    } catch (error) {
      const cause = error as NodeJS.ErrnoException;
      if (cause.code !== 'EADDRINUSE') throw cannotListen(text, cause);
      if (attempt === ATTEMPTS) throw addressInUse(text, ATTEMPTS);
      needs.log.error(`Connection in use: ${text}; retrying in 1 second`);
      await delay(BETWEEN_ATTEMPTS_MS);
    }
  }
}

async function listen(address: Address, { settings, identity }: ListenerNeeds): Promise<Listener> {
  const { backlog, reusePort, umask } = settings;
  if (address.kind === 'unix') {
    const owner = identity === undefined ? {} : { owner: identity };
    const opened = openUnixListener({ path: path.resolve(address.path), backlog, umask, ...owner });
    return withUrl({ ...opened, url: '' }, settings);
  }
  const host = await numericHost(address.host);
  return withUrl({ ...openTcpListener({ host, port: address.port, backlog, reusePort }), url: '' }, settings);
}

/** One more socket on the address of another, for `reusePort`; a unix socket is shared instead. */
export function openSibling(first: Listener, settings: Readonly<Settings>): Listener {
  if (first.address.kind === 'unix') return first;
  const { host, port } = first.address;
  const opened = openTcpListener({ host, port, backlog: settings.backlog, reusePort: true });
  return withUrl({ ...opened, url: '' }, settings);
}

async function numericHost(host: string): Promise<string> {
  if (host === '') return '0.0.0.0';
  if (net.isIP(host) !== 0) return host;
  const { lookup } = await import('node:dns/promises');
  return (await lookup(host)).address;
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
