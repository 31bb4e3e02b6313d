import { setTimeout as rest } from 'node:timers/promises';
import { Barrier } from './barrier.ts';
import {
  KeepAliveClient,
  NewConnectionClient,
  UndiciClient,
  type LoadClient,
  type Target,
} from './client.ts';
import { RequestFailure, type FailureKind } from './failure.ts';
import { Http2Client } from './http2-client.ts';

export interface LoadOptions {
  readonly url: string;
  /** Clients that open a connection for each request. Default: 0. */
  readonly newConnections?: number;
  /** Clients that keep their connection, by raw sockets and by undici in turn. Default: 0. */
  readonly keepAlive?: number;
  /** Clients that read a large body slowly. Default: 0. */
  readonly slowReaders?: number;
  /** Clients that keep a connection of HTTP/2. Default: 0. */
  readonly http2?: number;
  /** Default: `/`. */
  readonly path?: string;
  /** What the slow readers ask for; more than the kernel buffers, or their slowness is not felt. Default: `/large`. */
  readonly largePath?: string;
  /** An answer that takes longer counts as failed; milliseconds. Default: 5000. */
  readonly limitMs?: number;
}

export interface Failure {
  readonly kind: FailureKind;
  readonly client: LoadClient['kind'];
  readonly detail: string;
  /** ISO 8601, to be found again in the server's log. */
  readonly at: string;
}

export interface LoadReport {
  /** Requests that were made, failed ones included. */
  readonly requests: number;
  /** The same, by kind of client. */
  readonly byClient: Readonly<Partial<Record<LoadClient['kind'], number>>>;
  readonly failures: readonly Failure[];
  /** Longest time to an answer, in milliseconds. */
  readonly slowestMs: number;
}

interface Milestone {
  readonly requests: number;
  readonly reached: () => void;
}

/** Clients that go on making requests until they are stopped. */
export class Load {
  readonly #clients: readonly LoadClient[];
  readonly #limitMs: number;
  readonly #barrier: Barrier;
  readonly #loops: Promise<void>[];
  readonly #byClient: Partial<Record<LoadClient['kind'], number>> = {};
  readonly #failures: Failure[] = [];
  readonly #milestones = new Set<Milestone>();
  #requests = 0;
  #slowestMs = 0;
  #stopping = false;

  constructor(clients: readonly LoadClient[], limitMs: number) {
    this.#clients = clients;
    this.#limitMs = limitMs;
    this.#barrier = new Barrier(clients.length);
    this.#loops = clients.map((client) => this.#run(client));
  }

  get report(): LoadReport {
    return {
      requests: this.#requests,
      byClient: { ...this.#byClient },
      failures: [...this.#failures],
      slowestMs: this.#slowestMs,
    };
  }

  /** Resolves when so many further requests have ended, well or badly. */
  more(requests: number): Promise<void> {
    return new Promise((reached) => this.#milestones.add({ requests: this.#requests + requests, reached }));
  }

  /** Stops every client between two requests; connections that are kept stay open. */
  hold(): Promise<void> {
    return this.#barrier.close();
  }

  /** To be called while held: gives up the connections that a worker holds. */
  leave(pid: number): void {
    for (const client of this.#clients) if (client.connectedTo === String(pid)) client.disconnect();
  }

  release(): void {
    this.#barrier.open();
  }

  /** Lets every client finish its request, closes all connections, and says what happened. */
  async stop(): Promise<LoadReport> {
    this.#stopping = true;
    this.release();
    await Promise.all(this.#loops);
    return this.report;
  }

  async #run(client: LoadClient): Promise<void> {
    while (!this.#stopping) {
      await this.#barrier.pass();
      const failed = await this.#request(client);
      await rest(failed ? Math.max(client.restMs, 50) : client.restMs);
    }
    client.disconnect();
  }

  async #request(client: LoadClient): Promise<boolean> {
    let failure: RequestFailure | undefined;
    try {
      const ms = await client.request();
      this.#slowestMs = Math.max(this.#slowestMs, ms);
      if (ms > this.#limitMs) failure = new RequestFailure('slow', `answered after ${Math.round(ms)} ms`);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      failure = error;
    }
    if (failure !== undefined) {
      const { kind, message: detail } = failure;
      this.#failures.push({ kind, client: client.kind, detail, at: new Date().toISOString() });
    }
    this.#requests += 1;
    this.#byClient[client.kind] = (this.#byClient[client.kind] ?? 0) + 1;
    for (const milestone of this.#milestones) {
      if (this.#requests < milestone.requests) continue;
      this.#milestones.delete(milestone);
      milestone.reached();
    }
    return failure !== undefined;
  }
}

/** Rests differ from client to client, so that a kept connection is idle now and then when a worker drains. */
const RESTS_MS = [2, 10, 40, 120, 350] as const;
const READ_REST_MS = 12;

/** Starts a mixed load. */
export function startLoad(options: LoadOptions): Load {
  const { url, newConnections = 0, keepAlive = 0, slowReaders = 0, http2 = 0, limitMs = 5000 } = options;
  const target: Target = { url: new URL(url), path: options.path ?? '/', limitMs };
  const large: Target = { ...target, path: options.largePath ?? '/large' };
  const restMs = (index: number): number => RESTS_MS[index % RESTS_MS.length] ?? 0;
  const make = (count: number, build: (index: number) => LoadClient): LoadClient[] =>
    Array.from({ length: count }, (_, index) => build(index));
  const clients = [
    ...make(newConnections, (index) => new NewConnectionClient(target, { restMs: restMs(index) })),
    ...make(keepAlive, (index) => {
      const Client = index % 2 === 0 ? KeepAliveClient : UndiciClient;
      return new Client(target, { restMs: restMs(index >> 1) });
    }),
    ...make(http2, (index) => new Http2Client(target, { restMs: restMs(index) })),
    ...make(slowReaders, () => new NewConnectionClient(large, { restMs: 20, readRestMs: READ_REST_MS })),
  ];
  return new Load(clients, limitMs);
}
