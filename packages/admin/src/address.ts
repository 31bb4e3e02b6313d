import { lookup } from 'node:dns/promises';
import fs from 'node:fs';
import { isIP } from 'node:net';
import { canonicalHost, parseBind } from '@gunicorn-ts/config';
import { openTcpListener, openUnixListener } from '@gunicorn-ts/posix';
import { cannotListenForAdmin } from './errors.ts';

/** Few may wait: whoever asks is a probe or a person, and asks again. */
const BACKLOG = 16;
/** The socket file is for the user and the group of the server. */
const UMASK = 0o007;

/** What the admin listener is bound to. */
export interface AdminSockets {
  readonly fds: readonly number[];
  /** For people: `http://127.0.0.1:9000`. */
  readonly urls: readonly string[];
  /** Whether only this machine can reach it. */
  readonly isLocal: boolean;
  close(): void;
}

/**
 * Binds `adminBind`; a name at all its addresses.
 * @throws {OperatorError} `ERR_ADMIN_BIND`
 */
export async function bindAdmin(bind: string): Promise<AdminSockets> {
  try {
    const target = parseBind(bind);
    if (target.kind === 'unix') return bindUnix(target.path);
    if (target.kind === 'tcp') return bindTcp(await hostsOf(target.host), target.port);
    throw new Error('it names a descriptor');
  } catch (error) {
    throw cannotListenForAdmin(bind, error as Error);
  }
}

async function hostsOf(host: string): Promise<readonly string[]> {
  const numeric = canonicalHost(host);
  if (isIP(numeric.split('%')[0] ?? '') !== 0) return [numeric];
  const found = await lookup(host, { all: true, order: 'ipv4first' });
  return [...new Set(found.map(({ address }) => canonicalHost(address)))];
}

function bindTcp(hosts: readonly string[], wanted: number): AdminSockets {
  const opened: { fd: number; url: string }[] = [];
  const close = (): void => opened.forEach(({ fd }) => fs.closeSync(fd));
  let port = wanted;
  try {
    for (const host of hosts) {
      const { fd, address } = openTcpListener({ host, port, backlog: BACKLOG, dualStack: host === '::' });
      port = address.port;
      const shown = address.family === 6 ? `[${address.host}]` : address.host;
      opened.push({ fd, url: `http://${shown}:${address.port}` });
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    fds: opened.map(({ fd }) => fd),
    urls: opened.map(({ url }) => url),
    isLocal: hosts.every((host) => host === '::1' || host.startsWith('127.')),
    close,
  };
}

function bindUnix(path: string): AdminSockets {
  const { fd } = openUnixListener({ path, backlog: BACKLOG, umask: UMASK });
  const own = fs.lstatSync(path, { bigint: true });
  return {
    fds: [fd],
    urls: [`unix:${path}`],
    isLocal: false,
    close: () => {
      fs.closeSync(fd);
      // Somebody else may have put another one in its place.
      const found = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
      if (found?.ino === own.ino && found.dev === own.dev) fs.rmSync(path, { force: true });
    },
  };
}
