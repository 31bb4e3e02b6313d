import fs from 'node:fs';
import { listenAddresses, type NetworkBind, parseBind } from '@gunicorn-ts/config';
import type { Listener, Settings } from '@gunicorn-ts/interface';
import { admitNoMore, isListening, setListenBacklog } from '@gunicorn-ts/posix';
import { type Inherited, type Origin, takeInherited } from './inherited-listeners.ts';
import { compareBinds, notOpened } from './activated-binds.ts';
import { cannotListen, noSocketOfThatName } from './errors.ts';
import { SocketFile } from './socket-file.ts';
import { isAt, type ListenerNeeds, openNetwork, openSibling, openUnix, withUrl } from './open-listener.ts';
import { resolveBind } from './resolve-bind.ts';

/** One address and its sockets: one for all workers, or with `reusePort` one for each slot. */
interface BoundAddress {
  /** The bind as it was written, which several addresses may have in common. */
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

/** Owns the public listening sockets of the arbiter. Nobody else opens or closes one. */
export class ListenerPool {
  #current: ListenerSet = [];
  #inherited: readonly Inherited[];
  #handedOver: readonly BoundAddress[];

  constructor(inherited: readonly Inherited[] = []) {
    this.#inherited = inherited;
    this.#handedOver = handedOver(inherited);
  }

  /**
   * Opens what the settings ask for, aside: addresses that are open already are shared, nothing is closed.
   * @throws OperatorError when an address cannot be listened on; what was opened for it is closed again.
   */
  async open(needs: ListenerNeeds): Promise<ListenerSet> {
    const set: BoundAddress[] = this.#activated();
    try {
      const { open, unserved } = compareBinds(needs.settings.bind, set);
      const network = listenAddresses(await this.#resolved(open, needs));
      const unused = (one: BoundAddress): boolean => !shares(set, one);
      for (const bind of open) {
        const wanted = network.find((one) => one.bind === bind);
        set.push(...(await this.#bound(wanted ?? bind, needs, unused)));
      }
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
    this.#handedOver = [];
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
  closeSlot(slot: number, shared: boolean): void {
    for (const one of this.#current) {
      const listener = one.slots.get(slot);
      if (listener === undefined || listener.fd === firstOf(one).fd) continue;
      one.slots.delete(slot);
      if (!shared) admitNoMore(listener.fd);
      fs.closeSync(listener.fd);
    }
  }

  get listeners(): Listener[] {
    return this.#current.map(firstOf);
  }

  /** Every socket that listens, with its bind, for the second arbiter of an upgrade. */
  forUpgrade(): { bind: string; origin: Origin; name?: string; fd: number }[] {
    return this.#current.flatMap((one) =>
      [...distinct(one)]
        .filter(({ fd }) => isListening(fd))
        .map(({ fd }) => {
          const { bind, origin, name } = one;
          return { bind, origin, fd, ...(name !== undefined && { name }) };
        }),
    );
  }

  /** @param shared whether another arbiter has the sockets, too, and goes on with them */
  closeAll(shared: boolean): void {
    for (const one of this.#current) {
      // Those of systemd and of whoever started us serve on without us.
      if (!shared && one.origin === 'opened') for (const { fd } of distinct(one)) admitNoMore(fd);
      close(one, !shared);
    }
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

  async #bound(
    bind: string | NetworkBind,
    needs: ListenerNeeds,
    unused: (one: BoundAddress) => boolean,
  ): Promise<readonly BoundAddress[]> {
    if (typeof bind !== 'string') return await this.#boundNetwork(bind, needs, unused);
    const known = this.#known((one) => one.bind === bind && one.file?.gone !== true, needs);
    if (known !== undefined) return [known];
    const target = parseBind(bind);
    if ('name' in target) throw noSocketOfThatName(target.name);
    if (target.kind === 'fd') {
      return [bound(bind, 'given', new Map([[0, takeInherited(target.fd, `bind ${bind}`)]]))];
    }
    const file = target.kind === 'unix' ? target.path : bind;
    return [bound(bind, 'opened', new Map([[0, await openUnix(bind, file, needs)]]))];
  }

  /** A name that the resolver does not know at a reload stays where it is. */
  async #resolved(binds: readonly string[], { log }: ListenerNeeds): Promise<NetworkBind[]> {
    const network: NetworkBind[] = [];
    for (const bind of binds) {
      const target = parseBind(bind);
      if (target.kind !== 'tcp') continue;
      try {
        network.push(await resolveBind(bind, target));
      } catch (error) {
        const hosts = this.#current.filter((one) => one.bind === bind).flatMap((one) => hostOf(firstOf(one)));
        if (hosts.length === 0) throw cannotListen(bind, error as Error);
        log.warning(`bind: ${bind} stays at ${hosts.join(' and ')}: ${(error as Error).message}`);
        network.push({ bind, port: target.port, hosts, isName: true });
      }
    }
    return network;
  }

  /** Addresses that are open already keep their sockets, also when another bind asks for them now. */
  async #boundNetwork(
    wanted: NetworkBind,
    needs: ListenerNeeds,
    unused: (one: BoundAddress) => boolean,
  ): Promise<readonly BoundAddress[]> {
    const { bind } = wanted;
    const known: BoundAddress[] = [];
    const hosts: string[] = [];
    for (const host of wanted.hosts) {
      const one = this.#known((each) => unused(each) && isPartOf(each, wanted, host), needs);
      if (one === undefined) hosts.push(host);
      else known.push(one);
    }
    const opened = await openNetwork({ ...wanted, hosts }, known.map(firstOf), this.listeners, needs);
    return [
      ...known.map((one) => ({ ...one, bind })),
      ...opened.map((listener) => bound(bind, 'opened', new Map([[0, listener]]))),
    ];
  }

  /** What is served now, or else what an arbiter before us passed on. */
  #known(belongs: (one: BoundAddress) => boolean, needs: ListenerNeeds): BoundAddress | undefined {
    const known = this.#current.find((one) => one.origin !== 'activated' && belongs(one));
    if (known === undefined) return this.#handedOver.find(belongs);
    for (const { fd } of distinct(known)) if (isListening(fd)) setListenBacklog(fd, needs.settings.backlog);
    return known;
  }
}

function hostOf({ address }: Listener): readonly string[] {
  return address.kind === 'tcp' ? [address.host] : [];
}

function isPartOf(one: BoundAddress, { bind, port, hosts }: NetworkBind, host: string): boolean {
  const first = firstOf(one);
  const { address } = first;
  if (one.origin !== 'opened' || address.kind !== 'tcp') return false;
  const isThePort = port === 0 ? one.bind === bind : address.port === port;
  // The zone of a link-local address is a name in the settings, and a number in the socket.
  return isThePort && (isAt(first, host) || (one.bind === bind && hosts.length === 1 && host.includes('%')));
}

/** Sockets of one bind at one address belong together: with `reusePort` there are several. */
function handedOver(inherited: readonly Inherited[]): BoundAddress[] {
  const groups = Map.groupBy(inherited, ({ bind, listener }) => JSON.stringify([bind, listener.address]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || first.origin === 'activated') return [];
    return [bound(first.bind, first.origin, new Map(group.map(({ listener }, slot) => [slot, listener])))];
  });
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
