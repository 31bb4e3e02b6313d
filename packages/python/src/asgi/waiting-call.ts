import type { AsgiCall, AsgiResponse, AsgiSocketCall } from '@gunicorn-ts/interface';
import type { ChildGoneError } from '../errors.ts';
import type { Bus } from './bus.ts';

/** A request that no process has yet. */
export class WaitingCall implements AsgiSocketCall {
  readonly #start: (bus: Bus) => AsgiCall;
  readonly #response: AsgiResponse;
  readonly #onAbandoned: () => void;
  #call: AsgiCall | undefined;

  constructor(start: (bus: Bus) => AsgiCall, response: AsgiResponse, onAbandoned: () => void) {
    this.#start = start;
    this.#response = response;
    this.#onAbandoned = onAbandoned;
  }

  begin(bus: Bus): void {
    this.#call = this.#start(bus);
  }

  lose(loss: ChildGoneError): void {
    this.#response.lose(loss, 502);
  }

  drained(): void {
    this.#call?.drained();
  }

  abandon(): void {
    if (this.#call === undefined) this.#onAbandoned();
    else this.#call.abandon();
  }

  /** Not before the application has accepted. */
  message(data: Uint8Array, isText: boolean): void {
    (this.#call as AsgiSocketCall).message(data, isText);
  }

  closed(code: number, reason: string): void {
    (this.#call as AsgiSocketCall).closed(code, reason);
  }
}
