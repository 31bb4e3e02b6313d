import {
  type ConnectionInfo,
  type HttpRules,
  type ProxyHeader,
  type RequestError,
  type RequestHead,
  RequestParser,
} from '@gunicorn-ts/http';
import { BodyCollector, EMPTY_BODY, type RequestBody } from '@gunicorn-ts/wsgi';

/** A request as far as it has arrived. */
export type Arrival = 'complete' | 'more' | 'refused';

/** Bytes of a request that are recorded at most: a larger one counts as complete, and the rest is read elsewhere. */
const MOST_RECORDED = 1024 * 1024;

/** Puts the first request of a connection together, head and body. */
export class IncomingRequest {
  readonly #parser: RequestParser;
  #collector: BodyCollector | undefined;
  #head: RequestHead | undefined;
  #begun = false;
  #record: Buffer[] | undefined;
  #recorded = 0;

  /** @param records whether the bytes are kept as they came, in place of the body */
  constructor(rules: HttpRules, connection: ConnectionInfo, records: boolean) {
    this.#parser = new RequestParser(rules, connection);
    if (records) this.#record = [];
  }

  /** Begins anew, for another connection. */
  restart(connection: ConnectionInfo): void {
    this.#parser.restart(connection);
    this.#collector = undefined;
    this.#head = undefined;
    this.#begun = false;
    if (this.#record !== undefined) this.#record = [];
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

  /** Takes what arrived next. `bytes` may be overwritten afterwards. Throws when a large body cannot be stored. */
  take(bytes: Uint8Array, length: number): Arrival {
    this.#begun = true;
    this.#record?.push(Buffer.from(bytes.subarray(0, length)));
    this.#recorded += length;
    this.#parser.push(bytes, length);
    const arrival = this.#read();
    const isEnough = this.#record !== undefined && this.#head !== undefined && this.#recorded > MOST_RECORDED;
    return arrival === 'more' && isEnough ? 'complete' : arrival;
  }

  /** The bytes of a complete request, and what came behind it. Only when they were recorded. */
  takeRecord(): Buffer {
    const record = Buffer.concat(this.#record ?? []);
    if (this.#record !== undefined) this.#record = [];
    return record;
  }

  #read(): Arrival {
    for (;;) {
      switch (this.#parser.next()) {
        case 'head':
          this.#head = this.#parser.head;
          break;
        case 'body':
          if (this.#record === undefined) {
            (this.#collector ??= new BodyCollector()).append(this.#parser.chunk);
          }
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
    const body = this.#collector?.finish() ?? EMPTY_BODY;
    this.#collector = undefined;
    return body;
  }

  discard(): void {
    this.#collector?.discard();
    this.#collector = undefined;
  }
}
