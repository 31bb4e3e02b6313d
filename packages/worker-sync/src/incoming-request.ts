import {
  type ConnectionInfo,
  type HttpRules,
  type ProxyHeader,
  type RequestError,
  type RequestHead,
  RequestParser,
} from '@gunicorn-ts/http';
import { type BodyCollector, type BodyStore, EMPTY_BODY, type RequestBody } from '@gunicorn-ts/wsgi';

/** A request as far as it has arrived. */
export type Arrival = 'complete' | 'more' | 'refused';

/** Bytes of a request that are recorded at most: a larger one counts as complete, and the rest is read elsewhere. */
const MOST_RECORDED = 960 * 1024;

/** What requests are made with. */
export interface RequestMaking {
  readonly rules: HttpRules;
  readonly store: BodyStore;
  /** Whether the bytes are kept as they came, in place of the body: for somebody else to read. */
  readonly records: boolean;
}

/** Puts the first request of a connection together, head and body. */
export class IncomingRequest {
  readonly #parser: RequestParser;
  readonly #store: BodyStore;
  readonly #records: boolean;
  #collector: BodyCollector | undefined;
  #body: RequestBody | undefined;
  #head: RequestHead | undefined;
  #begun = false;
  #recorded = 0;

  constructor({ rules, store, records }: RequestMaking, connection: ConnectionInfo) {
    this.#parser = new RequestParser(rules, connection);
    this.#store = store;
    this.#records = records;
  }

  /** Begins anew, for another connection. */
  restart(connection: ConnectionInfo): void {
    this.#parser.restart(connection);
    this.#collector = this.#body = undefined;
    this.#head = undefined;
    this.#begun = false;
    this.#recorded = 0;
  }

  /** The head, once it is complete. */
  get head(): RequestHead | undefined {
    return this.#head;
  }

  /** Whether the client waits for a word before it sends the body. */
  get expectsContinue(): boolean {
    return this.#head?.expectsContinue === true;
  }

  /** Whether the client has sent anything. */
  get begun(): boolean {
    return this.#begun;
  }

  /** After `refused`. */
  get error(): RequestError | undefined {
    return this.#parser.error;
  }

  get proxy(): ProxyHeader | undefined {
    return this.#parser.proxy;
  }

  /** Whether bytes behind the request have arrived. */
  get hasRest(): boolean {
    return this.#parser.held > 0;
  }

  /**
   * Takes what arrived next. `bytes` may be overwritten afterwards.
   * @throws {BodyStoreError} when there is no room for a body
   */
  take(bytes: Uint8Array, length: number): Arrival {
    this.#begun = true;
    if (this.#records) this.#keep(bytes.subarray(0, length));
    this.#recorded += length;
    this.#parser.push(bytes, length);
    const arrival = this.#read();
    const isEnough = this.#records && this.#head !== undefined && this.#recorded > MOST_RECORDED;
    if (arrival !== 'complete' && !(arrival === 'more' && isEnough)) return arrival;
    this.#body = this.#collector?.finish();
    this.#collector = undefined;
    return 'complete';
  }

  /** The bytes of a complete request, and what came behind it. Only when they were recorded. */
  takeRecord(): Buffer {
    const body = this.takeBody();
    const record = body.slice(0, body.length);
    body.close();
    return Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  }

  #keep(bytes: Uint8Array): void {
    (this.#collector ??= this.#store.collect()).append(bytes);
  }

  #read(): Arrival {
    for (;;) {
      switch (this.#parser.next()) {
        case 'head':
          this.#head = this.#parser.head;
          break;
        case 'body':
          if (!this.#records) this.#keep(this.#parser.chunk);
          break;
        case 'end':
          return 'complete';
        case 'error':
          return 'refused';
        case 'more':
        case 'closed':
          return 'more';
      }
    }
  }

  /** The client sends nothing more. The error says so when that was in the middle of a request. */
  finish(): RequestError | undefined {
    return this.#parser.finish();
  }

  /** The body of a complete request. To close it is the caller's duty. */
  takeBody(): RequestBody {
    const body = this.#body ?? EMPTY_BODY;
    this.#body = undefined;
    return body;
  }

  discard(): void {
    this.#collector?.discard();
    this.#body?.close();
    this.#collector = this.#body = undefined;
  }
}
