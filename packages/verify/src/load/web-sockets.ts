import { setTimeout as rest } from 'node:timers/promises';
import { RequestFailure, type Site } from '@gunicorn-ts/load';
import type { Entry, Ledger } from './ledger.ts';
import { WebSocketClient } from './web-socket.ts';

/** So many are open all the time. */
const COUNT = 4;
const BEAT_MS = 200;
const AGAIN_MS = 50;

/**
 * WebSockets that stay open. One that the server closes with a close frame was told to come again, and does; one that
 * ends without a word was dropped, and its user sees an error.
 */
export class WebSockets {
  /** How often each code was heard. */
  readonly codes: Map<number, number> = new Map();
  readonly #site: Site;
  readonly #path: string;
  readonly #ledger: Ledger;
  readonly #limitMs: number;
  readonly #running: readonly Promise<void>[];
  readonly #open: Set<WebSocketClient> = new Set();
  #stopping = false;

  constructor(site: Site, ledger: Ledger, { path, limitMs }: { path: string; limitMs: number }) {
    this.#site = site;
    this.#path = path;
    this.#ledger = ledger;
    this.#limitMs = limitMs;
    this.#running = Array.from({ length: COUNT }, () => this.#keepOne());
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const client of this.#open) client.close();
    await Promise.all(this.#running);
  }

  async #keepOne(): Promise<void> {
    while (!this.#stopping) {
      const { id, startedAt } = this.#ledger.begin();
      try {
        const client = await WebSocketClient.open(this.#site, this.#path, this.#limitMs);
        this.#end({ id, startedAt });
        this.#open.add(client);
        if (this.#stopping) client.close();
        await this.#watch(client);
        this.#open.delete(client);
      } catch (error) {
        if (!(error instanceof RequestFailure)) throw error;
        this.#end({ id, startedAt, failure: { kind: error.kind, detail: error.message } });
        await rest(AGAIN_MS);
      }
    }
  }

  /** A beat is a request of its own: what ends in one belongs to that moment, however long it was open before. */
  async #watch(client: WebSocketClient): Promise<void> {
    for (;;) {
      const beat = this.#ledger.begin();
      const code = await this.#beat(client);
      const isOver = code === 'ended' || typeof code === 'number';
      const failure = this.#stopping ? undefined : failureOf(code, this.#limitMs);
      if (typeof code === 'number') this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
      this.#end({ ...beat, failure });
      if (isOver) return;
      // Who does not answer is given up, so that one that hangs is not counted at each beat.
      if (failure !== undefined) return client.close();
    }
  }

  async #beat(client: WebSocketClient): Promise<number | 'ended' | 'silent' | 'there'> {
    const end = client.ended.then((code) => code ?? ('ended' as const));
    const alive = client
      .ping(this.#limitMs)
      .then(async (isThere) => (isThere ? await rest(BEAT_MS, 'there' as const) : ('silent' as const)));
    const first = await Promise.race([end, alive]);
    // A ping is also over when the connection is.
    return first === 'silent' ? Promise.race([end, rest(0, first)]) : first;
  }

  #end({ id, startedAt, failure }: Pick<Entry, 'id' | 'startedAt'> & { failure?: Entry['failure'] }): void {
    this.#ledger.end({
      id,
      client: 'websocket',
      path: this.#path,
      startedAt,
      endedAt: this.#ledger.now(),
      outcome: failure === undefined ? 'answered' : 'lost',
      status: 101,
      failure,
    });
  }
}

function failureOf(code: number | 'ended' | 'silent' | 'there', limitMs: number): Entry['failure'] {
  if (code === 'ended') return { kind: 'short', detail: 'it ended without a close frame' };
  if (code === 'silent') return { kind: 'slow', detail: `a ping was not answered within ${limitMs} ms` };
  return undefined;
}
