import fs from 'node:fs';
import path from 'node:path';
import type { FurtherAddress, Settings, WorkerIdentity } from '@gunicorn-ts/interface';
import { admitNoMore, openTcpListener, openUnixListener } from '@gunicorn-ts/posix';
import { tooManyShared } from './errors.ts';
import type { Inherited } from './inherited-listeners.ts';
import { SocketFile } from './socket-file.ts';

/** A worker may ask for as many sockets as it likes, and they are the arbiter's descriptors. */
const MOST_SOCKETS = 64;
const FIRST_UNPRIVILEGED_PORT = 1024;

interface SharedListener {
  readonly fd: number;
  /** Ages of the workers that listen on it. */
  readonly users: Set<number>;
  /** Of a unix socket. */
  readonly file?: SocketFile;
}

/**
 * The sockets that applications listen on beside the public ones (metrics, an inspection port): opened once, when
 * the first worker asks, the same in all workers, and kept as long as one of them uses it. Lives in the arbiter.
 */
export class SharedListeners {
  readonly #open: Map<string, SharedListener> = new Map();
  #closed = false;

  /** @param inherited what an arbiter before us shared; the others are left alone */
  constructor(inherited: readonly Inherited[]) {
    for (const { bind, listener, origin } of inherited) {
      if (origin === 'shared') this.#open.set(bind, { fd: listener.fd, users: new Set(), ...fileOf(bind) });
    }
  }

  /**
   * The descriptor of a socket at the address; `undefined` when the server stops, and needs no new ones.
   * @throws {PosixError} when it cannot be listened on
   * @throws OperatorError `ERR_TOO_MANY_SHARED`
   */
  take(age: number, address: FurtherAddress, settings: Readonly<Settings>): number | undefined {
    if (this.#closed) return undefined;
    const key = keyOf(address);
    const known = this.#open.get(key);
    const isOpen = known !== undefined && known.file?.gone !== true;
    if (!isOpen && this.#open.size >= MOST_SOCKETS) throw tooManyShared(key, MOST_SOCKETS);
    if (known !== undefined && !isOpen) fs.closeSync(known.fd);
    const shared = isOpen
      ? known
      : { fd: openShared(address, settings), users: known?.users ?? new Set<number>(), ...fileOf(key) };
    shared.users.add(age);
    this.#open.set(key, shared);
    return shared.fd;
  }

  /**
   * A worker is gone. What nobody else uses is closed, when `others` serve without it; otherwise the worker that
   * follows will ask for it, and clients wait in its queue meanwhile.
   */
  release(age: number, others: boolean): void {
    for (const [key, { users, ...shared }] of this.#open) {
      if (!users.delete(age) || users.size > 0 || !others) continue;
      this.#open.delete(key);
      close(shared, true);
    }
  }

  /** For the second arbiter of an upgrade. */
  forUpgrade(): { bind: string; origin: 'shared'; fd: number }[] {
    return [...this.#open].map(([bind, { fd }]) => ({ bind, origin: 'shared', fd }));
  }

  /** The arbiter before us is gone, and with it the code that had asked for what nobody uses here. */
  closeUnused(): void {
    for (const [key, shared] of this.#open) {
      if (shared.users.size > 0) continue;
      this.#open.delete(key);
      close(shared, true);
    }
  }

  closeAll(shared: boolean): void {
    this.#closed = true;
    for (const one of this.#open.values()) {
      if (!shared) admitNoMore(one.fd);
      close(one, !shared);
    }
    this.#open.clear();
  }
}

/** Whether the arbiter opens the address for a worker: not where the worker's own user might not. */
export function mayShare(address: FurtherAddress, identity: WorkerIdentity | undefined): boolean {
  if (identity === undefined || identity.uid === process.getuid?.()) return true;
  return address.kind === 'tcp' && address.port >= FIRST_UNPRIVILEGED_PORT;
}

function keyOf(address: FurtherAddress): string {
  if (address.kind === 'unix') return `unix:${path.resolve(address.path)}`;
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

function fileOf(key: string): { file?: SocketFile } {
  return key.startsWith('unix:') ? { file: new SocketFile(key.slice('unix:'.length)) } : {};
}

function openShared(address: FurtherAddress, { backlog, umask }: Readonly<Settings>): number {
  if (address.kind === 'unix')
    return openUnixListener({ path: path.resolve(address.path), backlog, umask }).fd;
  const { host, port } = address;
  if (host !== '') return openTcpListener({ host, port, backlog }).fd;
  try {
    // As Node.js does for an application that names no address.
    return openTcpListener({ host: '::', port, backlog, dualStack: true }).fd;
  } catch (error) {
    if (!['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as { code?: string }).code ?? '')) throw error;
    return openTcpListener({ host: '0.0.0.0', port, backlog }).fd;
  }
}

function close({ fd, file }: Omit<SharedListener, 'users'>, unlink: boolean): void {
  fs.closeSync(fd);
  if (unlink) file?.remove();
}
