import net from 'node:net';
import type { Server } from 'node:http';
import type { ListenAddress, Logger } from '@gunicorn-ts/interface';
import { isHttpServer } from './framework.ts';

/** Where an application wanted to listen, as far as its arguments say. */
export interface WantedAddress {
  readonly port?: number;
  readonly host?: string;
  readonly path?: string;
  /** A descriptor, a handle or a port of its own: not an application that expects to be alone. */
  readonly ready: boolean;
}

/** Reads the arguments of `server.listen(…)` in all their forms. */
export function wantedAddress(parameters: readonly unknown[]): WantedAddress {
  const [first, second] = parameters;
  if (typeof first === 'object' && first !== null) {
    const options = first as Record<string, unknown>;
    const ready =
      typeof options['fd'] === 'number' ||
      options['reusePort'] === true ||
      '_handle' in options ||
      'handle' in options;
    return {
      ready,
      ...(options['port'] === undefined ? {} : { port: Number(options['port']) }),
      ...(typeof options['host'] === 'string' ? { host: options['host'] } : {}),
      ...(typeof options['path'] === 'string' ? { path: options['path'] } : {}),
    };
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { ready: false, path: first };
  if (typeof first !== 'string' && typeof first !== 'number') return { ready: false };
  return { ready: false, port: Number(first), ...(typeof second === 'string' ? { host: second } : {}) };
}

/**
 * Lets scripts that end in `app.listen(3000)` run unchanged: the first HTTP server that listens is
 * adopted, told that it is listening, and never bound; the worker serves it on the arbiter's
 * listeners. Stays for the life of the process, since scripts listen late. A server that is given a
 * descriptor, a handle or `reusePort` listens as usual: so do worker classes.
 */
export class ServerAdoption {
  readonly #listen = net.Server.prototype.listen;
  readonly #log: Logger;
  readonly #address: ListenAddress | undefined;
  readonly #adopted = Promise.withResolvers<Server>();
  #server: Server | undefined;
  #wanted: WantedAddress | undefined;

  /** `address` is what an adopted server answers to `address()`. */
  constructor(log: Logger, address: ListenAddress | undefined) {
    this.#log = log;
    this.#address = address;
    // eslint-disable-next-line typescript/no-this-alias -- `this` inside the method is the server
    const adoption = this;
    net.Server.prototype.listen = function listen(this: net.Server, ...parameters: unknown[]): net.Server {
      return adoption.#listening(this, parameters);
    } as typeof net.Server.prototype.listen;
  }

  /** The server that was adopted, if any. */
  get server(): Server | undefined {
    return this.#server;
  }

  /** Resolves when a server is adopted. */
  get adopted(): Promise<Server> {
    return this.#adopted.promise;
  }

  #listening(server: net.Server, parameters: unknown[]): net.Server {
    const wanted = wantedAddress(parameters);
    if (wanted.ready || !isHttpServer(server)) return this.#listenForReal(server, parameters);
    if (this.#server === undefined) this.#adopt(server, wanted);
    else if (server !== this.#server && !this.#isSameAddress(wanted)) {
      this.#log.warning(
        `The application opens a second HTTP server at ${describe(wanted)}: every worker will try to, and only one can`,
      );
      return this.#listenForReal(server, parameters);
    }
    pretendListening(server, this.#address, parameters);
    return server;
  }

  #adopt(server: Server, wanted: WantedAddress): void {
    this.#server = server;
    this.#wanted = wanted;
    this.#log.info(
      `The application's listen at ${describe(wanted)} is replaced by the listeners of the arbiter`,
    );
    this.#adopted.resolve(server);
  }

  /** Fastify opens one server for each address of `localhost`. */
  #isSameAddress(wanted: WantedAddress): boolean {
    return wanted.port === this.#wanted?.port && wanted.path === this.#wanted?.path;
  }

  #listenForReal(server: net.Server, parameters: unknown[]): net.Server {
    return Reflect.apply(this.#listen, server, parameters) as net.Server;
  }
}

/** `listening`, `address()`, `close()`, the event and the callback, as of a bound server. */
function pretendListening(server: Server, address: ListenAddress | undefined, parameters: unknown[]): void {
  const close = server.close;
  Object.defineProperties(server, {
    listening: { value: true, configurable: true, writable: true },
    address: { value: () => nodeAddress(address), configurable: true, writable: true },
    close: {
      configurable: true,
      writable: true,
      value: (callback?: (error?: Error) => void) => {
        Object.defineProperty(server, 'listening', { value: false, configurable: true, writable: true });
        // Never bound, the server itself would answer ERR_SERVER_NOT_RUNNING.
        return close.call(server, callback === undefined ? undefined : () => callback());
      },
    },
  });
  const callback = parameters.at(-1);
  if (typeof callback === 'function') server.once('listening', callback as () => void);
  process.nextTick(() => server.emit('listening'));
}

function nodeAddress(address: ListenAddress | undefined): net.AddressInfo | string | null {
  if (address === undefined) return null;
  if (address.kind === 'unix') return address.path;
  return { address: address.host, family: `IPv${address.family}`, port: address.port };
}

function describe({ host, port, path }: WantedAddress): string {
  if (path !== undefined) return path;
  return host === undefined ? `port ${port ?? 0}` : `${host}:${port ?? 0}`;
}
