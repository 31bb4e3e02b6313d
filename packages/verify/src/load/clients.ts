import { setTimeout as rest } from 'node:timers/promises';
import {
  type Answer,
  Http2Connection,
  RawConnection,
  RequestFailure,
  type Site,
  type Upload,
} from '@gunicorn-ts/load';
import type { ClientKind, Ledger } from './ledger.ts';

/** The header by which a request is found again in the access log. */
export const ID_HEADER = 'X-Verify-Id';

/** What is asked for, and what an undisturbed server answered. */
export interface Expected {
  readonly path: string;
  /** Of the body; `undefined` when two answers differed. */
  readonly bytes: number | undefined;
}

const SEND_REST_MS = 40;
const READ_REST_MS = 5;
/**
 * A server may close a connection that is idle in the moment in which a request sets out on it: RFC 9112, section 9.3.1, has
 * clients ask once more on another one. What is cut off while it is answered takes longer.
 */
const CLOSING_MS = 250;
const UPLOAD_BYTES = [1000, 20_000, 64_000] as const;

/** Makes single requests, each as one kind of client does, and writes down what became of it. */
export class Clients {
  readonly #site: Site;
  readonly #http2: Http2Connection;
  readonly #ledger: Ledger;
  readonly #limitMs: number;
  /** Connections that are open and have no request. */
  #kept: RawConnection[] = [];

  constructor(site: Site, ledger: Ledger, limitMs: number) {
    this.#site = site;
    this.#http2 = new Http2Connection(site, limitMs, () => void (ledger.askedAgain += 1));
    this.#ledger = ledger;
    this.#limitMs = limitMs;
  }

  async request(client: ClientKind, { path, bytes }: Expected): Promise<void> {
    const { id, startedAt } = this.#ledger.begin();
    const end = (rest: Pick<Parameters<Ledger['end']>[0], 'outcome' | 'status' | 'failure'>): void =>
      this.#ledger.end({ id, client, path, startedAt, endedAt: this.#ledger.now(), ...rest });
    try {
      if (client === 'aborting') {
        await (await this.#open()).abandon(path, { [ID_HEADER]: id }, startedAt % 7);
        return end({ outcome: 'abandoned', status: undefined, failure: undefined });
      }
      const { status, bodyBytes } = await (client === 'http2'
        ? this.#exchangeByHttp2(path, id)
        : this.#exchange(client, path, id));
      const failure = wrongAnswer(status, bodyBytes, bytes);
      end({ outcome: failure === undefined ? 'answered' : 'lost', status, failure });
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      const failure = { kind: error.kind, detail: error.message };
      const outcome = client === 'aborting' ? 'abandoned' : 'lost';
      end({ outcome, status: undefined, failure });
    }
  }

  close(): void {
    for (const connection of this.#kept) connection.close();
    this.#kept = [];
    this.#http2.close();
  }

  async #exchangeByHttp2(path: string, id: string): Promise<Pick<Answer, 'status' | 'bodyBytes'>> {
    // As with a kept connection of HTTP/1: that it is to go may have arrived long ago.
    await rest(0);
    return this.#http2.exchange(path, { [ID_HEADER]: id });
  }

  async #exchange(client: ClientKind, path: string, id: string): Promise<Answer> {
    const isKept = client === 'keep-alive';
    // Timers run before sockets are read: an end of the connection that has long arrived would be overlooked.
    if (isKept) await rest(0);
    this.#kept = this.#kept.filter(({ usable }) => usable);
    const reused = isKept ? this.#kept.pop() : undefined;
    const begun = this.#ledger.now();
    try {
      return await this.#exchangeOn(reused ?? (await this.#open()), { client, path, id });
    } catch (error) {
      const wasClosing = reused !== undefined && isMissed(error) && this.#ledger.now() - begun < CLOSING_MS;
      if (!wasClosing) throw error;
      // Had the server taken it, it would stand in the access log twice, which is looked for.
      this.#ledger.askedAgain += 1;
      return await this.#exchangeOn(await this.#open(), { client, path, id });
    }
  }

  async #exchangeOn(
    connection: RawConnection,
    { client, path, id }: { readonly client: ClientKind; readonly path: string; readonly id: string },
  ): Promise<Answer> {
    const isKept = client === 'keep-alive';
    const answer = await connection.exchange({
      path,
      connection: isKept ? 'keep-alive' : 'close',
      limitMs: this.#limitMs,
      headers: { [ID_HEADER]: id },
      ...(client === 'slow-sender' && { sendRestMs: SEND_REST_MS }),
      ...(client === 'slow-reader' && { restMs: READ_REST_MS }),
      ...(client === 'upload' && { upload: uploadOf(this.#ledger.count) }),
    });
    if (isKept && connection.usable) this.#kept.push(connection);
    return answer;
  }

  #open(): Promise<RawConnection> {
    return RawConnection.open(this.#site, this.#limitMs);
  }
}

/** No byte of an answer came. */
function isMissed(error: unknown): boolean {
  return error instanceof RequestFailure && error.kind === 'reset';
}

/** Of either framing and of several sizes, in turn. */
export function uploadOf(count: number): Upload {
  return {
    bytes: UPLOAD_BYTES[count % UPLOAD_BYTES.length]!,
    isChunked: count % 2 === 0,
    restMs: SEND_REST_MS / 4,
  };
}

function wrongAnswer(
  status: number,
  got: number,
  wanted: number | undefined,
): { kind: 'status' | 'body'; detail: string } | undefined {
  if (status < 200 || status >= 400) return { kind: 'status', detail: `status ${status}` };
  if (wanted === undefined || wanted === got) return undefined;
  return { kind: 'body', detail: `a body of ${got} bytes in place of ${wanted}` };
}
