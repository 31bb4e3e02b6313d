import net from 'node:net';
import type { Server } from 'node:http';
import type { ListenAddress, Logger } from '@gunicorn-ts/interface';
import type { AskListener } from '../listener-requests.ts';
import { isHttpServer } from './framework.ts';
import { FurtherServers, presumedAddress, withoutCallback } from './further-server.ts';
import { endPretence, pretendListening } from './pretended-server.ts';
import { markOf, type PublicMarks } from './public-server.ts';
import type { QuietLoop } from './quiet-loop.ts';
import { describeWanted, isPrivate, type WantedAddress, wantedAddress } from './wanted-address.ts';

/** How long a script that names no public server yet may take to open the one at `PORT`, in milliseconds. */
const PORT_PATIENCE_MS = 5000;
const FIRST = 'it listened first';

/** What the adoption needs of the worker around it. */
export interface AdoptionContext {
  readonly log: Logger;
  /** Where the arbiter listens; the first is what an adopted server answers to `address()`. */
  readonly addresses: readonly ListenAddress[];
  /** `PORT` of the environment. */
  readonly port: number | undefined;
  /** Absent where nothing is to be opened in truth: the application is only loaded. */
  readonly ask?: AskListener;
}

/** An HTTP server that listened before it was known which one is public. */
interface Candidate {
  readonly server: Server;
  readonly wanted: WantedAddress;
  readonly parameters: readonly unknown[];
}

/**
 * Lets scripts that end in `app.listen(3000)` run unchanged: one HTTP server is adopted, told that it is listening, and
 * never bound; the worker serves it on the arbiter's listeners. Others listen on sockets that the workers share. Stays
 * for the life of the process, since scripts listen late. A server that is given a descriptor, a handle, `exclusive` or
 * `reusePort` listens as usual: so do worker classes.
 */
export class ServerAdoption {
  readonly #listen = net.Server.prototype.listen;
  readonly #context: AdoptionContext;
  readonly #marks: PublicMarks;
  readonly #further: FurtherServers | undefined;
  readonly #candidates: Candidate[] = [];
  readonly #listened = Promise.withResolvers<void>();
  readonly #adopted = Promise.withResolvers<Server>();
  #server: Server | undefined;
  #wanted: WantedAddress | undefined;
  #reason = FIRST;

  constructor(context: AdoptionContext) {
    this.#context = context;
    this.#marks = context;
    const { ask, log } = context;
    this.#further = ask && new FurtherServers(this.#listen, ask, log);
    // eslint-disable-next-line typescript/no-this-alias -- `this` inside the method is the server
    const adoption = this;
    net.Server.prototype.listen = function listen(this: net.Server, ...parameters: unknown[]): net.Server {
      return adoption.#listening(this, parameters);
    } as typeof net.Server.prototype.listen;
  }

  /**
   * The public one among the servers that listened so far: the one that `owns` recognises, or else the first; with it
   * the others are decided on as well.
   */
  choose(owns: (server: Server) => boolean = () => false): Server | undefined {
    if (this.#server !== undefined) return this.#server;
    const own = this.#candidates.find(({ server }) => owns(server));
    const chosen = own ?? this.#candidates[0];
    if (chosen !== undefined) this.#adopt(chosen, own === undefined ? FIRST : 'it serves what is exported');
    return this.#server;
  }

  /** The same for a script that may still be about to listen; `undefined` when it does nothing, for `limitMs` at most. */
  async settle(quiet: QuietLoop, limitMs: number): Promise<Server | undefined> {
    if (this.#server === undefined && this.#candidates.length === 0) {
      await quiet.until(this.#listened.promise, limitMs);
    }
    if (this.#server === undefined && this.#candidates.length > 0) {
      await quiet.until(this.#adopted.promise, PORT_PATIENCE_MS);
    }
    return this.choose();
  }

  /** See {@link FurtherServers.close}. */
  async closeFurther(): Promise<void> {
    await this.#further?.close();
  }

  #listening(server: net.Server, parameters: unknown[]): net.Server {
    const wanted = wantedAddress(parameters);
    if (wanted.ready) return this.#listenForReal(server, parameters);
    if (server === this.#server || (this.#isHttp(server) && this.#isSameAddress(wanted))) {
      pretendListening(server, () => this.#context.addresses[0], parameters);
      return server;
    }
    if (this.#isHttp(server) && this.#server === undefined) {
      return this.#consider({ server, wanted, parameters });
    }
    if (isPrivate(wanted)) return this.#listenForReal(server, parameters);
    const beside = this.#choice();
    if (this.#further === undefined) pretendListening(server, () => presumedAddress(wanted), parameters);
    else this.#further.add({ server, wanted, parameters, beside, pretended: false });
    return server;
  }

  #isHttp(server: net.Server): server is Server {
    return isHttpServer(server);
  }

  /** While it is open which server is public, all of them believe that they listen: some open the next one only then. */
  #consider(candidate: Candidate): net.Server {
    const { server, wanted, parameters } = candidate;
    const mark = markOf(wanted, this.#marks);
    const isPublic = mark !== undefined || this.#marks.port === undefined;
    const address = (): ListenAddress | undefined =>
      server === this.#server ? this.#context.addresses[0] : presumedAddress(wanted);
    pretendListening(server, address, parameters);
    this.#candidates.push(candidate);
    if (isPublic) this.#adopt(candidate, mark ?? FIRST);
    this.#listened.resolve();
    return server;
  }

  #adopt(chosen: Candidate, reason: string): void {
    const { server, wanted } = chosen;
    this.#server = server;
    this.#wanted = wanted;
    this.#reason = reason;
    const others = this.#candidates.filter((one) => one !== chosen && !this.#isSameAddress(one.wanted));
    this.#context.log.info(
      `The application's listen at ${describeWanted(wanted)} is replaced by the listeners of the arbiter`,
    );
    for (const other of others) this.#open(other);
    this.#adopted.resolve(server);
  }

  #open({ server, wanted, parameters }: Candidate): void {
    if (this.#further === undefined) return;
    if (!isPrivate(wanted)) {
      this.#further.add({ server, wanted, parameters, beside: this.#choice(), pretended: true });
    } else if (endPretence(server)) this.#listenForReal(server, withoutCallback(parameters));
  }

  #choice(): string {
    if (this.#wanted === undefined) return 'it is no HTTP server';
    return `the public server is that at ${describeWanted(this.#wanted)}, since ${this.#reason}`;
  }

  /** Fastify opens one server for each address of `localhost`. */
  #isSameAddress(wanted: WantedAddress): boolean {
    return (
      this.#server !== undefined && wanted.port === this.#wanted?.port && wanted.path === this.#wanted?.path
    );
  }

  #listenForReal(server: net.Server, parameters: readonly unknown[]): net.Server {
    return Reflect.apply(this.#listen, server, parameters) as net.Server;
  }
}
