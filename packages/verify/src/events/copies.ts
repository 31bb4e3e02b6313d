import type { ClientIdentity } from '@gunicorn-ts/load';
import type { VerifyArguments } from '../arguments.ts';
import { withFlags } from '../copy/arguments-of-copy.ts';
import type { Program } from '../copy/command.ts';
import { CopiedServer } from '../copy/copied-server.ts';
import type { Ledger } from '../load/ledger.ts';
import { MixedLoad } from '../load/mixed-load.ts';
import type { Learned } from '../load/warm-up.ts';
import { Random } from '../random.ts';
import type { Another } from './event.ts';

interface Given {
  readonly program: Program;
  readonly asked: VerifyArguments;
  readonly ledger: Ledger;
  readonly limitMs: number;
  readonly identity: ClientIdentity | undefined;
}

/** Further copies, each for the time of one event. */
export class Copies {
  readonly #given: Given;
  readonly #running: Set<CopiedServer> = new Set();
  readonly #logged: Map<string, readonly string[]> = new Map();

  constructor(given: Given) {
    this.#given = given;
  }

  /** What stands in the access logs of those that have ended. */
  get accessLog(): ReadonlyMap<string, readonly string[]> {
    return this.#logged;
  }

  start(learned: Learned): (...words: readonly string[]) => Promise<Another> {
    const { program, asked, ledger, limitMs, identity } = this.#given;
    return async (...words) => {
      const server = await CopiedServer.start(program, withFlags(asked.serverArguments, words), identity);
      this.#running.add(server);
      const load = new MixedLoad(server.site, ledger, {
        learned,
        random: new Random(asked.seed + 2),
        limitMs,
      });
      return {
        server,
        end: async () => {
          await load.stop();
          await server.tell('stop');
          for (const [id, found] of server.accessLog()) this.#logged.set(id, found);
          await server.remove();
          this.#running.delete(server);
        },
      };
    };
  }

  async remove(): Promise<void> {
    await Promise.all([...this.#running].map((server) => server.remove()));
  }
}
