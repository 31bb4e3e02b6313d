import type { Site } from '@gunicorn-ts/load';
import type { Random } from '../random.ts';
import { Clients } from './clients.ts';
import type { Ledger } from './ledger.ts';
import { OpenLoop } from './open-loop.ts';
import type { Learned } from './warm-up.ts';
import { WebSockets } from './web-sockets.ts';

/** Every kind of client at a time. */
export class MixedLoad {
  readonly #loop: OpenLoop;
  readonly #webSockets: WebSockets | undefined;

  constructor(
    site: Site,
    ledger: Ledger,
    how: { readonly learned: Learned; readonly random: Random; readonly limitMs: number },
  ) {
    const { learned, random, limitMs } = how;
    this.#loop = new OpenLoop(new Clients(site, ledger, limitMs), ledger, { ...learned, random });
    const path = learned.webSocket;
    this.#webSockets = path === undefined ? undefined : new WebSockets(site, ledger, { path, limitMs });
  }

  /** How WebSockets were closed by the server; `undefined` when it takes none. */
  get closeCodes(): ReadonlyMap<number, number> | undefined {
    return this.#webSockets?.codes;
  }

  /** Begins nothing new, and waits for what has begun. */
  async stop(): Promise<void> {
    await Promise.all([this.#loop.stop(), this.#webSockets?.stop()]);
  }
}
