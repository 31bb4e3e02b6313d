import type {
  AsgiCall,
  AsgiHandler,
  AsgiMessage,
  AsgiRequest,
  AsgiResponse,
  AsgiScope,
} from '@gunicorn-ts/interface';
import { HandlerResponse } from './handler-response.ts';

/** One call for an HTTP request: what the application is told, and when it waits. */
export class HandlerCall implements AsgiCall {
  readonly #request: AsgiRequest;
  readonly #response: AsgiResponse;
  readonly #sent: HandlerResponse;
  #hasBodyEnded = false;
  #isGone = false;
  #isLeaving = false;
  readonly #over = Promise.withResolvers<void>();

  constructor(request: AsgiRequest, response: AsgiResponse) {
    this.#request = request;
    this.#response = response;
    this.#sent = new HandlerResponse(request, response, () => this.#over.resolve());
  }

  async run(handler: AsgiHandler, scope: AsgiScope): Promise<void> {
    try {
      await handler(scope, this.#receive, this.#send);
      if (!this.#sent.isComplete)
        throw new Error('The ASGI application returned before its response was complete');
    } catch (error) {
      this.#response.fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#sent.end();
    }
  }

  drained(): void {
    this.#sent.drained();
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
    if (!this.#hasBodyEnded && !this.#isGone && !this.#isLeaving && !this.#sent.isComplete) {
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
    if (!this.#isGone) await this.#sent.send(message);
  };
}
