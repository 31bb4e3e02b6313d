import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type BindTarget, parseBind } from '@gunicorn-ts/config';
import type { ListenAddress, Listener, Logger, Settings, WorkerIdentity } from '@gunicorn-ts/interface';
import { openTcpListener, openUnixListener, setListenBacklog } from '@gunicorn-ts/posix';
import { addressInUse, cannotListen } from './errors.ts';
import { type Inherited, takeInherited } from './inherited-listeners.ts';

const ATTEMPTS = 5;
const BETWEEN_ATTEMPTS_MS = 1000;

/** One `bind` and its sockets: one for all workers, or with `reusePort` one for each slot. */
interface BoundAddress {
  /** The bind as it was written: what identifies it across reloads and upgrades. */
  readonly bind: string;
  readonly slots: Listener[];
  /** Somebody else (systemd, the arbiter before us) made the socket, and owns the path of a unix socket. */
  readonly inherited: boolean;
}

/** The listeners of one generation, in the order of `bind`. */
export type ListenerSet = readonly BoundAddress[];

export interface ListenerNeeds {
  readonly settings: Readonly<Settings>;
  readonly identity: WorkerIdentity | undefined;
  readonly log: Logger;
}

/** Owns every listening socket of the arbiter. Nobody else opens or closes one. */
export class ListenerPool {
  #current: ListenerSet = [];
  #inherited: Inherited[];

  constructor(inherited: Inherited[] = []) {
    this.#inherited = inherited;
  }

  /**
   * Opens what the settings ask for, aside: addresses that are open already are shared, nothing is
   * closed. A busy address is tried five times, a second apart.
   * @throws OperatorError when an address cannot be listened on; what was opened for it is closed again.
   */
  async open(needs: ListenerNeeds): Promise<ListenerSet> {
    const set: BoundAddress[] = [];
    try {
      for (const inherited of this.#inherited.filter((one) => one.bind === undefined)) {
        set.push({
          bind: inherited.text,
          slots: [relabel(inherited.listener, needs.settings)],
          inherited: true,
        });
      }
      for (const bind of this.#wanted(needs.settings, set)) set.push(await this.#bound(bind, needs));
    } catch (error) {
      this.discard(set);
      throw error;
    }
    return set;
  }

  /** Makes a set the one that is served, and closes what it no longer contains. */
  adopt(set: ListenerSet): void {
    for (const old of this.#current) if (!set.some((one) => one.slots === old.slots)) close(old, true);
    this.#current = set;
    for (const unused of this.#inherited)
      if (!isIn(set, unused.listener.fd)) fs.closeSync(unused.listener.fd);
    this.#inherited = [];
  }

  /** Closes what was opened for a set that will not be served. */
  discard(set: ListenerSet): void {
    for (const one of set) {
      const shared = one.inherited || this.#current.some((current) => current.slots === one.slots);
      if (!shared) close(one, true);
    }
  }

  /** The sockets that the worker in `slot` inherits; with `reusePort` they are made when first asked for. */
  forSlot(set: ListenerSet, slot: number, needs: ListenerNeeds): Listener[] {
    if (!needs.settings.reusePort) return set.map((one) => one.slots[0] as Listener);
    return set.map((one) => {
      one.slots[slot] ??= anotherSocket(one.slots[0] as Listener, needs);
      return one.slots[slot];
    });
  }

  closeSlot(slot: number): void {
    for (const one of this.#current) {
      const listener = one.slots[slot];
      if (listener === undefined) continue;
      delete one.slots[slot];
      fs.closeSync(listener.fd);
    }
  }

  get listeners(): Listener[] {
    return this.#current.map((one) => one.slots[0] as Listener);
  }

  /** Every socket with its bind, for the second arbiter of an upgrade. */
  forUpgrade(): { bind: string; fd: number }[] {
    return this.#current.flatMap(({ bind, slots }) =>
      slots.filter((listener) => listener !== undefined).map(({ fd }) => ({ bind, fd })),
    );
  }

  closeAll(keepUnixPaths: boolean): void {
    for (const one of this.#current) close(one, !keepUnixPaths && !one.inherited);
    this.#current = [];
  }

  /** The binds that activation by systemd has not already answered. */
  #wanted(settings: Readonly<Settings>, activated: ListenerSet): string[] {
    if (activated.length === 0) return [...settings.bind];
    return settings.bind.filter(
      (bind) => parseBind(bind).kind === 'fd' && !activated.some((one) => one.bind === bind),
    );
  }

  async #bound(bind: string, needs: ListenerNeeds): Promise<BoundAddress> {
    const { settings } = needs;
    const known = this.#current.find((one) => one.bind === bind);
    if (known !== undefined) {
      for (const listener of known.slots)
        if (listener !== undefined) setListenBacklog(listener.fd, settings.backlog);
      for (const [slot, listener] of known.slots.entries()) known.slots[slot] = relabel(listener, settings);
      return { ...known };
    }
    const handedOver = this.#inherited.filter((one) => one.bind === bind);
    if (handedOver.length > 0) {
      return { bind, slots: handedOver.map((one) => relabel(one.listener, settings)), inherited: false };
    }
    const parsed = parseBind(bind);
    if (parsed.kind === 'fd')
      return { bind, slots: [relabel(takeInherited(parsed.fd, `bind ${bind}`), settings)], inherited: true };
    return { bind, slots: [await listenPatiently(bind, parsed, needs)], inherited: false };
  }
}

function isIn(set: ListenerSet, fd: number): boolean {
  return set.some((one) => one.slots.some((listener) => listener?.fd === fd));
}

async function listenPatiently(
  text: string,
  bind: Exclude<BindTarget, { kind: 'fd' }>,
  needs: ListenerNeeds,
): Promise<Listener> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listen(bind, needs);
    } catch (error) {
      const cause = error as NodeJS.ErrnoException;
      if (cause.code !== 'EADDRINUSE') throw cannotListen(text, cause);
      if (attempt === ATTEMPTS) throw addressInUse(text, ATTEMPTS);
      needs.log.error(`Connection in use: ${text}; retrying in 1 second`);
      await delay(BETWEEN_ATTEMPTS_MS);
    }
  }
}

async function listen(
  bind: Exclude<BindTarget, { kind: 'fd' }>,
  { settings, identity }: ListenerNeeds,
): Promise<Listener> {
  const { backlog, reusePort, umask } = settings;
  if (bind.kind === 'unix') {
    const owner = identity === undefined ? {} : { owner: identity };
    const opened = openUnixListener({ path: path.resolve(bind.path), backlog, umask, ...owner });
    return relabel({ ...opened, url: '' }, settings);
  }
  const opened = openTcpListener({ host: await numericHost(bind.host), port: bind.port, backlog, reusePort });
  return relabel({ ...opened, url: '' }, settings);
}

function anotherSocket(first: Listener, { settings }: ListenerNeeds): Listener {
  if (first.address.kind === 'unix') return first;
  const { host, port } = first.address;
  return relabel(
    { ...openTcpListener({ host, port, backlog: settings.backlog, reusePort: true }), url: '' },
    settings,
  );
}

async function numericHost(host: string): Promise<string> {
  if (host === '') return '0.0.0.0';
  if (net.isIP(host) !== 0) return host;
  const { lookup } = await import('node:dns/promises');
  return (await lookup(host)).address;
}

function relabel(listener: Listener, settings: Readonly<Settings>): Listener {
  return { ...listener, url: urlOf(listener.address, settings.certfile !== undefined) };
}

function urlOf(address: ListenAddress, tls: boolean): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  const host = address.family === 6 ? `[${address.host}]` : address.host;
  return `${tls ? 'https' : 'http'}://${host}:${address.port}`;
}

function close(one: BoundAddress, unlink: boolean): void {
  for (const listener of new Set(one.slots)) {
    if (listener === undefined) continue;
    fs.closeSync(listener.fd);
    if (unlink && !one.inherited && listener.address.kind === 'unix')
      fs.rmSync(listener.address.path, { force: true });
  }
}
