import type { Request } from '../protocol/request.ts';
import type { ServerStatus } from '../status.ts';
import { findHeir, greet, type Greeted, openSuccessor } from './successor.ts';
import type { VerbContext } from './verb.ts';

/** How often is looked whether another server is about to take over. */
const LOOK_MS = 1000;

/** What is asked of a server, and of those that take over from it. */
export interface Following {
  readonly command: string;
  readonly options: Request['options'];
  /** Of a server that takes over: it has just started, and all of it is new. */
  readonly heirOptions: Request['options'];
  onData(data: unknown): void;
}

/**
 * Follows a server, those that are started beside it and those that take over from it, until none is left. Rejects when
 * the first one refuses.
 */
export async function followServers(context: VerbContext, following: Following): Promise<void> {
  await new ServerFollower(context, following).follow(context, following.options);
}

class ServerFollower {
  readonly #context: VerbContext;
  readonly #following: Following;
  /** Process ids of those that are or were followed. */
  readonly #known: Set<number> = new Set();

  constructor(context: VerbContext, following: Following) {
    this.#context = context;
    this.#following = following;
  }

  async follow(server: Greeted, options: Following['options']): Promise<void> {
    const { command, onData } = this.#following;
    this.#known.add(server.greeting.pid);
    const heirs: Promise<void>[] = [];
    const look = setInterval(() => {
      void this.#successorOf(server).then((heir) => this.#take(heir, heirs));
    }, LOOK_MS);
    try {
      await server.session.follow(command, options, onData);
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_CONNECTION_LOST') throw error;
      const heir = await findHeir(server, this.#context.env);
      this.#take(heir, heirs);
    } finally {
      clearInterval(look);
      server.session.close();
    }
    await Promise.all(heirs);
  }

  #take(heir: Greeted | undefined, heirs: Promise<void>[]): void {
    if (heir === undefined) return;
    const { pid } = heir.greeting;
    if (this.#known.has(pid)) return heir.session.close();
    const { stderr } = this.#context.io;
    stderr.write(`Process ${pid} serves, too, and is followed\n`);
    const followed = this.follow(heir, this.#following.heirOptions);
    heirs.push(followed.catch((error: unknown) => void stderr.write(`${(error as Error).message}\n`)));
  }

  /** That of an upgrade that is under way, once it can be spoken to. */
  async #successorOf({ session }: Greeted): Promise<Greeted | undefined> {
    try {
      const { successor } = await session.ask<ServerStatus>('status');
      if (successor === undefined || this.#known.has(successor)) return undefined;
      const second = await openSuccessor(successor, { path: session.path, env: this.#context.env });
      return second && (await greet(second));
    } catch {
      // It ends, which is noticed elsewhere, or the second one is not there yet.
      return undefined;
    }
  }
}
