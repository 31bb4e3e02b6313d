import type { AsgiHead, AsgiMessage, AsgiRequest, AsgiResponse } from '@gunicorn-ts/interface';

type Stage = 'nothing' | 'started' | 'streaming' | 'body-sent' | 'complete';

const EARLY_HINTS = 103;

/** What an application sends for a request, in the order that is allowed. */
export class HandlerResponse {
  readonly #request: AsgiRequest;
  readonly #response: AsgiResponse;
  readonly #onComplete: () => void;
  #stage: Stage = 'nothing';
  #head: AsgiHead | undefined;
  #hasTrailers = false;
  readonly #trailers: [string, string][] = [];
  /** Bytes that Content-Length promises and that are still to come. */
  #left: number | undefined;
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(request: AsgiRequest, response: AsgiResponse, onComplete: () => void) {
    this.#request = request;
    this.#response = response;
    this.#onComplete = onComplete;
  }

  get isComplete(): boolean {
    return this.#stage === 'complete';
  }

  get hasBegun(): boolean {
    return this.#stage !== 'nothing';
  }

  drained(): void {
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  end(): void {
    this.#stage = 'complete';
    this.#onComplete();
  }

  async send(message: AsgiMessage): Promise<void> {
    switch (message.type) {
      case 'http.response.start':
        return this.#start(message);
      case 'http.response.body':
        return this.#body(message);
      case 'http.response.trailers':
        return this.#trail(message);
      case 'http.response.pathsend':
        return this.#sendFile(message);
      case 'http.response.early_hint':
        return this.#hint(
          Array.from(message['links'] as Iterable<unknown>, (link) => ['link', latin1(link)]),
        );
      case 'http.response.informational':
        // Gunicorn's own. Of other numbers than 103 no client knows what to make.
        if (message['status'] === EARLY_HINTS) this.#hint(pairsOf(message['headers']));
        return;
      default:
        throw new Error(`${JSON.stringify(message.type)} is no message of a response`);
    }
  }

  #start({ type, status, headers, trailers }: AsgiMessage): void {
    if (this.#stage !== 'nothing') throw misplaced(type);
    if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 999)
      throw new RangeError(
        `the status of a response must be a number from 200 to 999, not ${String(status)}`,
      );
    const pairs = pairsOf(headers);
    const length = pairs.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
    const hasBody = this.#request.head.method !== 'HEAD' && status !== 204 && status !== 304;
    this.#left = length === undefined || !hasBody ? undefined : Number(length);
    this.#head = { status, headers: pairs };
    this.#hasTrailers = trailers === true;
    this.#stage = 'started';
    // With the body it is one piece, but who waits for the head is to have it.
    setImmediate(() => {
      if (this.#stage === 'started') this.#begin();
    });
  }

  async #body({ type, body = new Uint8Array(), more_body: more = false }: AsgiMessage): Promise<void> {
    if (this.#stage !== 'started' && this.#stage !== 'streaming') throw misplaced(type);
    if (!(body instanceof Uint8Array)) throw new TypeError('the body of a response must be a Uint8Array');
    this.#count(body.length, more === true);
    if (this.#stage === 'started' && more !== true && !this.#hasTrailers) {
      this.#response.respond(this.#head!, body);
      this.end();
      return;
    }
    if (this.#stage === 'started') this.#begin();
    const goesOn = body.length === 0 || this.#response.write(body.slice());
    if (more === true) {
      if (!goesOn) await (this.#drained ??= Promise.withResolvers<void>()).promise;
    } else if (this.#hasTrailers) this.#stage = 'body-sent';
    else {
      this.#response.end();
      this.end();
    }
  }

  #trail({ type, headers, more_trailers: more }: AsgiMessage): void {
    if (this.#stage !== 'body-sent') throw misplaced(type);
    this.#trailers.push(...pairsOf(headers));
    if (more === true) return;
    this.#response.end(this.#trailers);
    this.end();
  }

  async #sendFile({ type, path }: AsgiMessage): Promise<void> {
    if (this.#stage !== 'started' && this.#stage !== 'streaming') throw misplaced(type);
    if (typeof path !== 'string') throw new TypeError('the path of "http.response.pathsend" must be a text');
    const head = this.#stage === 'started' ? this.#head : undefined;
    const before = this.#stage;
    this.#stage = 'body-sent';
    this.#hasTrailers = false;
    try {
      await this.#response.sendFile(head, path);
      this.end();
    } catch (error) {
      this.#stage = before;
      throw error;
    }
  }

  #hint(headers: AsgiHead['headers']): void {
    if (this.#stage !== 'nothing' && this.#stage !== 'started') throw misplaced('http.response.early_hint');
    this.#response.hint(headers);
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
}

/** What an application does at a moment at which it has no place. */
export function misplaced(type: string): Error {
  return new Error(`${JSON.stringify(type)} comes at the wrong time`);
}

/** Names and values as strings of one character a byte. */
export function pairsOf(headers: unknown = []): [name: string, value: string][] {
  return Array.from(headers as Iterable<readonly [unknown, unknown]>, ([name, value]): [string, string] => [
    latin1(name),
    latin1(value),
  ]);
}

function latin1(value: unknown): string {
  if (!(value instanceof Uint8Array)) throw new TypeError('names and values of headers must be Uint8Array');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
}
