import fs from 'node:fs';
import { parseBind } from '@gunicorn-ts/config';
import type { Listener, Settings } from '@gunicorn-ts/interface';
import { setListenBacklog } from '@gunicorn-ts/posix';
import { type Inherited, takeInherited } from './inherited-listeners.ts';
import { compareBinds, notOpened } from './activated-binds.ts';
import { noSocketOfThatName } from './errors.ts';
import { SocketFile } from './socket-file.ts';
import { type ListenerNeeds, openListener, openSibling, withUrl } from './open-listener.ts';

/**
 * Who made a socket: this server (`opened`, also by an arbiter before us), somebody whose descriptor a bind
 * names (`given`), or systemd (`activated`), whose sockets stand in place of the binds.
 */
export type Origin = 'opened' | 'given' | 'activated';

/** One `bind` and its sockets: one for all workers, or with `reusePort` one for each slot. */
interface BoundAddress {
  /** The bind as it was written: what identifies it across reloads and upgrades. */
  readonly bind: string;
  readonly origin: Origin;
  /** Of a socket of systemd that has one. */
  readonly name?: string;
  /** By slot; may have gaps. The first one stays as long as the address. */
  readonly slots: Map<number, Listener>;
  /** Of a unix socket that this server opened. */
  readonly file?: SocketFile;
}

/** The listeners of one generation, in the order of `bind`. */
export type ListenerSet = readonly BoundAddress[];

/** Owns every listening socket of the arbiter. Nobody else opens or closes one. */
export class ListenerPool {
  #current: ListenerSet = [];
  #inherited: readonly Inherited[];

  constructor(inherited: readonly Inherited[] = []) {
    this.#inherited = inherited;
  }

  /**
   * Opens what the settings ask for, aside: addresses that are open already are shared, nothing is closed.
   * @throws OperatorError when an address cannot be listened on; what was opened for it is closed again.
   */
  async open(needs: ListenerNeeds): Promise<ListenerSet> {
    const set: BoundAddress[] = this.#activated();
    try {
      const { open, unserved } = compareBinds(needs.settings.bind, set);
      for (const bind of open) set.push(await this.#bound(bind, needs));
      if (needs.bindGiven) for (const bind of unserved) needs.log.warning(notOpened(bind, set));
    } catch (error) {
      this.discard(set);
      throw error;
    }
    for (const { slots } of set) {
      for (const [slot, listener] of slots) slots.set(slot, withUrl(listener, needs.settings));
    }
    return set;
  }

  /** Makes a set the one that is served, and closes what it no longer contains. */
  adopt(set: ListenerSet): void {
    for (const old of this.#current) if (!shares(set, old)) close(old, true);
    this.#current = set;
    for (const { listener } of this.#inherited) {
      const taken = set.some(({ slots }) => [...slots.values()].some(({ fd }) => fd === listener.fd));
      if (!taken) fs.closeSync(listener.fd);
    }
    this.#inherited = [];
  }

  /** Closes what was opened for a set that will not be served. */
  discard(set: ListenerSet): void {
    for (const one of set) if (one.origin === 'opened' && !shares(this.#current, one)) close(one, true);
  }

  /** The sockets that the worker in `slot` inherits; with `reusePort` they are made when first asked for. */
  forSlot(set: ListenerSet, slot: number, settings: Readonly<Settings>): Listener[] {
    return set.map((one) => {
      const first = firstOf(one);
      if (!settings.reusePort) return first;
      const own = one.slots.get(slot) ?? openSibling(first, settings);
      one.slots.set(slot, own);
      return own;
    });
  }

  /** Closes what only the worker of this slot listened on. */
  closeSlot(slot: number): void {
    for (const one of this.#current) {
      const listener = one.slots.get(slot);
      if (listener === undefined || listener.fd === firstOf(one).fd) continue;
      one.slots.delete(slot);
      fs.closeSync(listener.fd);
    }
  }

  get listeners(): Listener[] {
    return this.#current.map(firstOf);
  }

  /** Every socket with its bind, for the second arbiter of an upgrade. */
  forUpgrade(): { bind: string; origin: Origin; name?: string; fd: number }[] {
    return this.#current.flatMap((one) =>
      [...distinct(one)].map(({ fd }) => {
        const { bind, origin, name } = one;
        return { bind, origin, fd, ...(name !== undefined && { name }) };
      }),
    );
  }

  closeAll(keepUnixPaths: boolean): void {
    for (const one of this.#current) close(one, !keepUnixPaths);
    this.#current = [];
  }

  /** The sockets of systemd stay through every reload, whatever the settings bind. */
  #activated(): BoundAddress[] {
    const fresh = this.#inherited.filter(({ origin }) => origin === 'activated');
    return [
      ...this.#current.filter(({ origin }) => origin === 'activated'),
      ...fresh.map(({ listener, ...one }) => ({ ...one, slots: new Map([[0, listener]]) })),
    ];
  }

  async #bound(bind: string, needs: ListenerNeeds): Promise<BoundAddress> {
    const known = this.#current.find((one) => one.bind === bind);
    if (known !== undefined && known.file?.gone !== true) {
      for (const { fd } of distinct(known)) setListenBacklog(fd, needs.settings.backlog);
      return known;
    }
    const handedOver = this.#inherited.filter((one) => one.bind === bind);
    if (handedOver[0] !== undefined) {
      const slots = new Map(handedOver.map(({ listener }, slot) => [slot, listener]));
      return bound(bind, handedOver[0].origin, slots);
    }
    const parsed = parseBind(bind);
    if ('name' in parsed) throw noSocketOfThatName(parsed.name);
    const listener =
      parsed.kind === 'fd'
        ? takeInherited(parsed.fd, `bind ${bind}`)
        : await openListener(bind, parsed, needs);
    return bound(bind, parsed.kind === 'fd' ? 'given' : 'opened', new Map([[0, listener]]));
  }
}

function bound(bind: string, origin: Origin, slots: Map<number, Listener>): BoundAddress {
  const address = slots.get(0)?.address;
  if (origin !== 'opened' || address?.kind !== 'unix') return { bind, origin, slots };
  return { bind, origin, slots, file: new SocketFile(address.path) };
}

function firstOf(one: BoundAddress): Listener {
  return one.slots.get(0) as Listener;
}

/** Slots of a unix socket share one listener. */
function distinct(one: BoundAddress): Iterable<Listener> {
  return new Map([...one.slots.values()].map((listener) => [listener.fd, listener])).values();
}

function shares(set: ListenerSet, one: BoundAddress): boolean {
  return set.some(({ slots }) => slots === one.slots);
}

function close(one: BoundAddress, unlink: boolean): void {
  for (const { fd } of distinct(one)) fs.closeSync(fd);
  if (unlink) one.file?.remove();
}
