import { once } from 'node:events';
import http from 'node:http';
import { duplexPair } from 'node:stream';
import type { Logger, LifecycleMoment, Settings } from '@gunicorn-ts/interface';
import { describeThrown } from '@gunicorn-ts/interface';
import type { Recorder, Snapshot } from '@gunicorn-ts/metrics';
import { type AdminSockets, bindAdmin } from './address.ts';
import { type Answer, answerTo, type Source } from './answer.ts';
import { Gate } from './gate.ts';
import type { HealthFacts } from './health.ts';
import { History, readingOf } from './history.ts';

/** A second look within this time sees what the first one saw: many who ask cost as much as one. */
const FRESH_MS = 250;
const SAMPLE_EVERY_MS = 2000;
/** How long a head may take, and how large it may be. */
const HEAD_MS = 2000;
const MOST_HEAD_BYTES = 8192;
/** After so many answers V8 has compiled what they take. */
const REHEARSALS = 6;

export interface AdminOptions {
  readonly recorder: Recorder;
  /** As they are now. */
  readonly settings: () => Readonly<Settings>;
  readonly log: () => Logger;
}

interface Kept {
  readonly at: number;
  readonly snapshot: Snapshot;
}

/** The admin listener. Lives in the arbiter, as a subscriber to its moments. */
export class Admin {
  readonly #options: AdminOptions;
  readonly #history = new History();
  readonly #kept = new Map<'all' | 'counts', Kept>();
  readonly #server: http.Server;
  #sockets: AdminSockets | undefined;
  #gate: Gate | undefined;
  #bind: string | undefined;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #servedAt = performance.now();
  #wasReady = false;

  constructor(options: AdminOptions) {
    this.#options = options;
    this.#server = http.createServer(
      {
        maxHeaderSize: MOST_HEAD_BYTES,
        headersTimeout: HEAD_MS,
        requestTimeout: HEAD_MS,
        connectionsCheckingInterval: HEAD_MS / 4,
      },
      (request, response) => this.#serve(request, response),
    );
  }

  /** Where it listens. */
  get urls(): readonly string[] {
    return this.#sockets?.urls ?? [];
  }

  /**
   * Listens at an address, and no more at another one. When that fails the other one stays.
   * @throws {OperatorError} `ERR_ADMIN_BIND`
   */
  async listen(bind: string): Promise<void> {
    if (bind === this.#bind) return;
    this.take(bind, await bindAdmin(bind));
  }

  /** Listens no more. */
  close(): void {
    this.#gate?.close();
    this.#sockets?.close();
    this.#gate = undefined;
    this.#sockets = undefined;
    this.#bind = undefined;
  }

  tell({ moment }: LifecycleMoment): void {
    this.#kept.clear();
    if (moment === 'tick') this.#sample();
    if (moment === 'ready' || moment === 'worker-ready') this.#wasReady = true;
    if (moment === 'ready') void this.#rehearse();
  }

  /**
   * The first answer costs ten times what a later one does, which is not to be taken from the arbiter while it looks after
   * workers under load: a few are given now, to nobody.
   */
  async #rehearse(): Promise<void> {
    for (let count = 0; count < REHEARSALS; count++) {
      const [client, server] = duplexPair();
      this.#kept.clear();
      this.#server.emit('connection', server);
      client.resume().end('GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      await once(client, 'end');
      server.destroy();
    }
  }

  /** Listens by sockets that are bound already, which are this one's from now on. */
  take(bind: string, sockets: AdminSockets): void {
    this.close();
    this.#bind = bind;
    this.#sockets = sockets;
    this.#gate = new Gate({
      fds: sockets.fds,
      onConnection: (socket) => void this.#server.emit('connection', socket),
      onError: (error) =>
        this.#options.log().error(`The admin listener takes no connection: ${error.message}`),
    });
    this.#options.log().info(`Admin listener at: ${sockets.urls.join(',')}`);
  }

  #serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method = '', url = '', headers } = request;
    let answer: Answer;
    try {
      answer = answerTo({ method, target: url, host: headers.host, accept: headers.accept }, this.#source());
    } catch (error) {
      this.#options.log().error(`The admin listener could not answer ${url}: ${describeThrown(error)}`);
      response.writeHead(500, { Connection: 'close' }).end();
      return;
    }
    const length = String(Buffer.byteLength(answer.body));
    response.writeHead(answer.status, { ...answer.headers, 'Content-Length': length, Connection: 'close' });
    response.end(answer.body);
  }

  #source(): Source {
    return {
      snapshot: (detail) => this.#snapshot(detail),
      facts: () => this.#facts(),
      history: () => this.#history.list(),
      isLocal: this.#sockets?.isLocal ?? false,
    };
  }

  #snapshot(detail: 'all' | 'counts'): Snapshot {
    const now = performance.now();
    const kept = this.#kept.get(detail);
    if (kept !== undefined && now - kept.at < FRESH_MS) return kept.snapshot;
    const snapshot = this.#options.recorder.snapshot(detail);
    this.#kept.set(detail, { at: now, snapshot });
    return snapshot;
  }

  #facts(): HealthFacts {
    const { bootTimeout } = this.#options.settings();
    const unservedSeconds = (performance.now() - this.#servedAt) / 1000;
    return { wasReady: this.#wasReady, bootTimeout, unservedSeconds };
  }

  #sample(): void {
    const now = performance.now();
    if (now - this.#sampledAt < SAMPLE_EVERY_MS - 100) return;
    this.#sampledAt = now;
    const snapshot = this.#snapshot('counts');
    if (snapshot.workers.some(({ condition }) => condition !== 'booting')) this.#servedAt = now;
    const queue = this.#options.recorder
      .listeners()
      .reduce((sum, listener) => sum + (listener.queue?.waiting ?? 0), 0);
    this.#history.add(readingOf(snapshot, queue));
  }
}
