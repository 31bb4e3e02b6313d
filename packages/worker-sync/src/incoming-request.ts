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

/** Puts the first request of a connection together, head and body. */
export class IncomingRequest {
  readonly #parser: RequestParser;
  #collector: BodyCollector | undefined;
  #head: RequestHead | undefined;
  #begun = false;

  constructor(rules: HttpRules, connection: ConnectionInfo) {
    this.#parser = new RequestParser(rules, connection);
  }

  /** Begins anew, for another connection. */
  restart(connection: ConnectionInfo): void {
    this.#parser.restart(connection);
    this.#collector = undefined;
    this.#head = undefined;
    this.#begun = false;
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
    this.#parser.push(bytes, length);
    for (;;) {
      switch (this.#parser.next()) {
        case 'head':
          this.#head = this.#parser.head;
          break;
        case 'body':
          (this.#collector ??= new BodyCollector()).append(this.#parser.chunk);
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
