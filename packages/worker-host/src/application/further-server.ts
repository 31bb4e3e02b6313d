import { lookup } from 'node:dns/promises';
import net from 'node:net';
import type { FurtherAddress, ListenAddress, Logger } from '@gunicorn-ts/interface';
import { within } from '../deadline.ts';
import type { AskListener } from '../listener-requests.ts';
import { isHttpServer } from './framework.ts';
import { endPretence } from './pretended-server.ts';
import { describeWanted, type WantedAddress } from './wanted-address.ts';

/** How long requests to further servers are waited for when the worker leaves, in milliseconds. */
const CLOSE_MS = 2000;
/** After which a connection without a request is closed then, in milliseconds. */
const IDLE_MS = 100;

/** A server that the application opens beside the public one. */
export interface FurtherServer {
  readonly server: net.Server;
  readonly wanted: WantedAddress;
  /** Of `listen`. */
  readonly parameters: readonly unknown[];
  /** It was told that it is listening. */
  readonly pretended: boolean;
  /** Which server is the public one instead, and why. */
  readonly beside: string;
}

/** Lets further servers of the application listen on sockets that all workers have in common. */
export class FurtherServers {
  readonly #listen: typeof net.Server.prototype.listen;
  readonly #ask: AskListener;
  readonly #log: Logger;
  readonly #open = new Set<net.Server>();

  /** @param listen as Node made it */
  constructor(listen: typeof net.Server.prototype.listen, ask: AskListener, log: Logger) {
    this.#listen = listen;
    this.#ask = ask;
    this.#log = log;
  }

  /** What goes wrong is an `error` event of the server, as without a worker around it. */
  add(further: FurtherServer): void {
    const { server, parameters, pretended } = further;
    const callback = parameters.at(-1);
    if (!pretended && typeof callback === 'function') server.once('listening', callback as () => void);
    this.#share(further).catch((error: unknown) => {
      if (pretended) endPretence(server);
      // Outside of the promise: an event that nobody hears is an exception, as it would be without us.
      process.nextTick(() => server.emit('error', refusal(error as NodeJS.ErrnoException, further)));
    });
  }

  /** Takes nothing new. Resolves when the requests that were taken are answered, or after a short time. */
  async close(): Promise<void> {
    const closed = [...this.#open].map(closeServer);
    this.#open.clear();
    await within(CLOSE_MS, Promise.all(closed));
  }

  async #share({ server, wanted, parameters, pretended, beside }: FurtherServer): Promise<void> {
    const address = await addressOf(wanted);
    const answer = await this.#ask(address);
    if (pretended && !endPretence(server)) {
      if (answer !== 'alone') answer.close();
      return;
    }
    this.#open.add(server);
    server.once('close', () => this.#open.delete(server));
    if (answer === 'alone') {
      this.#log.warning(
        `The application also listens at ${describeWanted(wanted)}, which the arbiter does not open for the user of the workers: every worker will try to, and only one can`,
      );
      Reflect.apply(this.#listen, server, withoutCallback(parameters));
      return;
    }
    Reflect.apply(this.#listen, server, [answer]);
    // A handle does not know the path that it is bound to.
    if (address.kind === 'unix') {
      Object.defineProperty(server, 'address', { value: () => address.path, configurable: true });
    }
    this.#log.info(
      `The application also listens at ${describeWanted(wanted)}, by a socket that all workers share; ${beside}`,
    );
  }
}

/** Not at once with its idle connections, as Node does: the request of a client that has just come is on its way. */
function closeServer(server: net.Server): Promise<void> | undefined {
  if (!isHttpServer(server)) return void server.close();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setInterval(() => server.closeIdleConnections(), IDLE_MS);
  Reflect.apply(net.Server.prototype.close, server, [
    () => {
      clearInterval(timer);
      resolve();
    },
  ]);
  return promise;
}

/** `listen` has given its callback to the server already. */
export function withoutCallback(parameters: readonly unknown[]): readonly unknown[] {
  return parameters.filter((each) => typeof each !== 'function');
}

/** As Node words it, with what the operator can do. */
function refusal(error: NodeJS.ErrnoException, { wanted, beside }: FurtherServer): Error {
  const cure =
    error.code === 'EADDRINUSE' ? `; ${beside}: set PORT to the public port where that is wrong` : '';
  const { port, host: address = wanted.path } = wanted;
  error.message = `The application cannot listen at ${describeWanted(wanted)}: ${error.message}${cure}`;
  return Object.assign(error, { syscall: 'listen', port, address });
}

async function addressOf({ host = '', port = 0, path }: WantedAddress): Promise<FurtherAddress> {
  if (path !== undefined) return { kind: 'unix', path };
  if (host === '' || net.isIP(host) !== 0) return { kind: 'tcp', host, port };
  const { address } = await lookup(host);
  return { kind: 'tcp', host: address, port };
}

/** What a further server is told that it listens at before it does. */
export function presumedAddress({ host, port = 0, path }: WantedAddress): ListenAddress {
  if (path !== undefined) return { kind: 'unix', path };
  const numeric = host !== undefined && net.isIP(host) !== 0 ? host : '::';
  return { kind: 'tcp', host: numeric, port, family: net.isIPv4(numeric) ? 4 : 6 };
}
