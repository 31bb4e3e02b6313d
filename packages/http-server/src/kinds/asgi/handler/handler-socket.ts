import type {
  AsgiHandler,
  AsgiMessage,
  AsgiRequest,
  AsgiScope,
  AsgiSocketCall,
  AsgiSocketResponse,
} from '@gunicorn-ts/interface';
import { HandlerResponse, misplaced, pairsOf } from './handler-response.ts';

/** Bytes of messages that wait for the application, or for the client, before the other side is held up. */
const MOST_WAITING = 64 * 1024;
/** What a message costs beside its bytes, so that empty ones cost something too. */
const MESSAGE_COST = 64;
const NORMAL = 1000;
const ABNORMAL = 1006;
const INTERNAL_ERROR = 1011;
const LONGEST_REASON = 123;
const DENIAL = 'websocket.';

/** Out of `send`, when the client has left. */
export class ClientDisconnected extends Error {
  constructor(type: string) {
    super(`${JSON.stringify(type)}: the client has left`);
    this.name = 'ClientDisconnected';
  }
}

/** One call for a WebSocket. Until it is accepted, the client can be answered as to any request. */
export class HandlerSocket implements AsgiSocketCall {
  readonly #response: AsgiSocketResponse;
  readonly #denial: HandlerResponse;
  readonly #messages: { readonly message: AsgiMessage; readonly cost: number }[] = [];
  #isConnected = false;
  #isOpen = false;
  #closed: AsgiMessage | undefined;
  /** The application has closed it, not the client. */
  #isOurs = false;
  #waiting = 0;
  #isPaused = false;
  #unsent = 0;
  #change = Promise.withResolvers<void>();

  constructor(request: AsgiRequest, response: AsgiSocketResponse) {
    this.#response = response;
    this.#denial = new HandlerResponse(request, response, () => this.#end(ABNORMAL, '', true));
  }

  async run(handler: AsgiHandler, scope: AsgiScope): Promise<void> {
    try {
      await handler(scope, this.#receive, this.#send);
      if (this.#closed !== undefined) return;
      if (this.#isOpen) this.#close(NORMAL, '');
      else if (!this.#denial.hasBegun) this.#refuse();
      else throw new Error('The ASGI application returned before its response was complete');
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  message(data: Uint8Array, isText: boolean): void {
    const cost = data.length + MESSAGE_COST;
    const body = isText ? { text: Buffer.from(data).toString('utf8') } : { bytes: Uint8Array.from(data) };
    this.#messages.push({ message: { type: 'websocket.receive', ...body }, cost });
    this.#waiting += cost;
    if (this.#waiting >= MOST_WAITING && !this.#isPaused) {
      this.#isPaused = true;
      this.#response.pause();
    }
    this.#wake();
  }

  closed(code: number, reason: string): void {
    this.#end(code, reason, false);
  }

  drained(): void {
    this.#denial.drained();
  }

  abandon(): void {
    this.#end(ABNORMAL, '', false);
    this.drained();
  }

  readonly #receive = async (): Promise<AsgiMessage> => {
    if (!this.#isConnected) {
      this.#isConnected = true;
      return { type: 'websocket.connect' };
    }
    for (;;) {
      const next = this.#messages.shift();
      if (next !== undefined) {
        this.#taken(next.cost);
        return next.message;
      }
      if (this.#closed !== undefined) return { ...this.#closed };
      await this.#change.promise;
    }
  };

  readonly #send = async (message: AsgiMessage): Promise<void> => {
    const { type } = message;
    if (this.#closed !== undefined && !this.#isOurs) throw new ClientDisconnected(type);
    if (this.#closed !== undefined) throw misplaced(type);
    if (type === 'websocket.send' && this.#isOpen) return this.#sendMessage(message);
    if (type === 'websocket.accept' && !this.#isOpen && !this.#denial.hasBegun) return this.#accept(message);
    if (type === 'websocket.close' && !this.#denial.hasBegun) {
      if (this.#isOpen) this.#close(message['code'] ?? NORMAL, message['reason'] ?? '');
      else this.#refuse();
      return;
    }
    if (type.startsWith('websocket.http.response.') && !this.#isOpen)
      return this.#denial.send({ ...message, type: type.slice(DENIAL.length) });
    throw misplaced(type);
  };

  #accept({ subprotocol, headers }: AsgiMessage): void {
    const pairs = pairsOf(headers);
    if (pairs.some(([name]) => name.toLowerCase() === 'sec-websocket-protocol'))
      throw new Error('the header sec-websocket-protocol is that of "subprotocol", and must not be given');
    this.#isOpen = true;
    this.#response.accept(typeof subprotocol === 'string' ? subprotocol : undefined, pairs);
  }

  async #sendMessage({ text, bytes }: AsgiMessage): Promise<void> {
    const isText = typeof text === 'string';
    if (!isText && !(bytes instanceof Uint8Array))
      throw new TypeError('"websocket.send" needs text or bytes');
    const data = isText ? Buffer.from(text) : Uint8Array.from(bytes as Uint8Array);
    const cost = data.length + MESSAGE_COST;
    this.#unsent += cost;
    this.#response.send(data, { isText, isLast: true }, () => {
      this.#unsent -= cost;
      this.#wake();
    });
    while (this.#unsent >= MOST_WAITING && this.#closed === undefined) await this.#change.promise;
  }

  #close(code: unknown, reason: unknown): void {
    if (typeof code !== 'number' || !isSendable(code))
      throw new RangeError(`${String(code)} is no code that a WebSocket can be closed with`);
    const text = String(reason);
    if (Buffer.byteLength(text) > LONGEST_REASON)
      throw new RangeError(`the reason of a close must not be longer than ${LONGEST_REASON} bytes`);
    this.#end(code, text, true);
    this.#response.close(code, text);
  }

  #refuse(): void {
    this.#end(ABNORMAL, '', true);
    this.#response.respond({ status: 403, headers: [['content-length', '0']] }, new Uint8Array());
  }

  #fail(error: Error): void {
    // That the client has left says nothing about the application.
    if (this.#closed !== undefined && error instanceof ClientDisconnected) return;
    if (this.#closed !== undefined) this.#response.fail(error);
    else if (this.#isOpen) {
      this.#end(INTERNAL_ERROR, '', true);
      this.#response.fail(error);
    } else {
      this.#end(ABNORMAL, '', true);
      this.#response.fail(error);
    }
  }

  #end(code: number, reason: string, isOurs: boolean): void {
    if (this.#closed !== undefined) return;
    this.#isOurs = isOurs;
    this.#closed = { type: 'websocket.disconnect', code, reason };
    this.#wake();
  }

  #taken(cost: number): void {
    this.#waiting -= cost;
    if (!this.#isPaused || this.#waiting >= MOST_WAITING / 2) return;
    this.#isPaused = false;
    this.#response.resume();
  }

  #wake(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers<void>();
  }
}

/** RFC 6455 §7.4: those that a frame may hold. */
function isSendable(code: number): boolean {
  return (
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999)
  );
}
