import type {
  AsgiCall,
  AsgiGateway,
  AsgiHandler,
  AsgiHead,
  AsgiMessage,
  AsgiRequest,
  AsgiResponse,
} from '@gunicorn-ts/interface';
import { scopeOf } from './scope.ts';

/** How much of the time for a drain goes by before calls are told that they should come to their end. */
const FAREWELL_PART = 0.8;

/** Calls an application of this process with `(scope, receive, send)`. */
export class HandlerGateway implements AsgiGateway {
  readonly #handler: AsgiHandler;
  readonly #calls = new Set<HandlerCall>();

  constructor(handler: AsgiHandler) {
    this.#handler = handler;
  }

  call(request: AsgiRequest, response: AsgiResponse): AsgiCall {
    const call = new HandlerCall(request, response);
    this.#calls.add(call);
    void call.run(this.#handler).finally(() => this.#calls.delete(call));
    return call;
  }

  leave(deadlineMs: number): void {
    setTimeout(() => {
      for (const call of this.#calls) call.leave();
    }, deadlineMs * FAREWELL_PART).unref();
  }
}

/** One call: the order of the messages, and who waits for what. */
class HandlerCall implements AsgiCall {
  readonly #request: AsgiRequest;
  readonly #response: AsgiResponse;
  #stage: 'nothing' | 'started' | 'streaming' | 'complete' = 'nothing';
  #head: AsgiHead | undefined;
  #hasBodyEnded = false;
  #isGone = false;
  #isLeaving = false;
  /** Bytes that Content-Length promises and that are still to come. */
  #left: number | undefined;
  #over = Promise.withResolvers<void>();
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(request: AsgiRequest, response: AsgiResponse) {
    this.#request = request;
    this.#response = response;
  }

  async run(handler: AsgiHandler): Promise<void> {
    try {
      await handler(scopeOf(this.#request), this.#receive, this.#send);
      if (this.#stage !== 'complete')
        throw new Error('The ASGI application returned before its response was complete');
    } catch (error) {
      this.#response.fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#end();
    }
  }

  drained(): void {
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  /** What waits for the end of the client is told of it; what is sent still goes out. */
  leave(): void {
    this.#isLeaving = true;
    this.#over.resolve();
  }

  abandon(): void {
    this.#isGone = true;
    this.drained();
    this.#over.resolve();
  }

  readonly #receive = async (): Promise<AsgiMessage> => {
    if (!this.#hasBodyEnded && !this.#isGone && !this.#isLeaving && this.#stage !== 'complete') {
      try {
        const piece = await this.#request.stream?.next();
        this.#hasBodyEnded = piece === undefined;
        return {
          type: 'http.request',
          body: piece ?? new Uint8Array(),
          more_body: !this.#hasBodyEnded,
        };
      } catch {
        // The client left before the body was complete.
        this.#isGone = true;
      }
    }
    if (!this.#isGone) await this.#over.promise;
    return { type: 'http.disconnect' };
  };

  readonly #send = async (message: AsgiMessage): Promise<void> => {
    if (this.#isGone) return;
    if (message.type === 'http.response.start') this.#start(message);
    else if (message.type === 'http.response.body') await this.#body(message);
    else throw new Error(`${JSON.stringify(message.type)} is no message of a response`);
  };

  #start({ status, headers = [] }: AsgiMessage): void {
    if (this.#stage !== 'nothing') throw new Error('"http.response.start" was sent again');
    if (typeof status !== 'number') throw new TypeError('"http.response.start" needs a status');
    const pairs = Array.from(
      headers as Iterable<readonly [unknown, unknown]>,
      ([name, value]): [string, string] => [latin1(name), latin1(value)],
    );
    const length = pairs.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
    const hasBody = this.#request.head.method !== 'HEAD' && status !== 204 && status !== 304;
    this.#left = length === undefined || !hasBody ? undefined : Number(length);
    this.#head = { status, headers: pairs };
    this.#stage = 'started';
    // With the body it is one piece, but who waits for the head is to have it.
    setImmediate(() => {
      if (this.#stage === 'started') this.#begin();
    });
  }

  async #body(message: AsgiMessage): Promise<void> {
    if (this.#stage !== 'started' && this.#stage !== 'streaming')
      throw new Error('"http.response.body" comes at the wrong time');
    const { body = new Uint8Array(), more_body: more = false } = message as {
      body?: Uint8Array;
      more_body?: boolean;
    };
    if (!(body instanceof Uint8Array)) throw new TypeError('the body of a response must be a Uint8Array');
    this.#count(body.length, more);
    if (this.#stage === 'started' && !more) {
      this.#response.respond(this.#head!, body);
      this.#end();
      return;
    }
    if (this.#stage === 'started') this.#begin();
    const goesOn = body.length === 0 || this.#response.write(body.slice());
    if (!more) {
      this.#response.end();
      this.#end();
    } else if (!goesOn) await (this.#drained ??= Promise.withResolvers<void>()).promise;
  }

  #count(size: number, more: boolean): void {
    if (this.#left === undefined) return;
    if (size > this.#left || (!more && size < this.#left))
      throw new Error(`The body is ${size > this.#left ? 'longer' : 'shorter'} than its Content-Length`);
    this.#left -= size;
  }

  #begin(): void {
    this.#stage = 'streaming';
    this.#response.begin(this.#head!);
  }

  #end(): void {
    this.#stage = 'complete';
    this.#over.resolve();
  }
}

function latin1(value: unknown): string {
  if (!(value instanceof Uint8Array)) throw new TypeError('names and values of headers must be Uint8Array');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
}
