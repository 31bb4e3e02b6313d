import type {
  AsgiCall,
  AsgiGateway,
  AsgiRequest,
  AsgiResponse,
  AsgiSocketCall,
  AsgiSocketOptions,
  AsgiSocketResponse,
} from '@gunicorn-ts/interface';
import type { ChildGoneError } from '../errors.ts';
import type { Bus } from './bus.ts';
import { WaitingCall } from './waiting-call.ts';

/**
 * The buses of several ASGI processes. A request goes to the one with the least to do, and stays there: a WebSocket for
 * as long as it is open. While there is none, requests wait for the next.
 */
export class BusPool implements AsgiGateway {
  readonly namesForwardedClient: boolean;
  readonly websocket: AsgiSocketOptions;
  readonly #buses: Set<Bus> = new Set();
  readonly #waiting: Set<WaitingCall> = new Set();
  #loss: ChildGoneError | undefined;
  /** When the worker cuts what runs, on the clock of `performance`. */
  #cutAt: number | undefined;

  constructor({ namesForwardedClient, websocket }: Pick<BusPool, 'namesForwardedClient' | 'websocket'>) {
    this.namesForwardedClient = namesForwardedClient;
    this.websocket = websocket;
  }

  join(bus: Bus): void {
    this.#buses.add(bus);
    if (this.#cutAt !== undefined) bus.leave(Math.max(0, this.#cutAt - performance.now()));
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const call of waiting) call.begin(this.#idlest()!);
  }

  withdraw(bus: Bus): void {
    this.#buses.delete(bus);
  }

  /** There will be none any more. */
  close(loss: ChildGoneError): void {
    this.#loss = loss;
    for (const call of this.#waiting) call.lose(loss);
    this.#waiting.clear();
  }

  call(request: AsgiRequest, response: AsgiResponse): AsgiCall {
    return (
      this.#idlest()?.call(request, response) ?? this.#wait((bus) => bus.call(request, response), response)
    );
  }

  connect(request: AsgiRequest, response: AsgiSocketResponse): AsgiSocketCall {
    return (
      this.#idlest()?.connect(request, response) ??
      this.#wait((bus) => bus.connect(request, response), response)
    );
  }

  leave(deadlineMs: number): void {
    this.#cutAt = performance.now() + deadlineMs;
    for (const bus of this.#buses) bus.leave(deadlineMs);
  }

  /** Of equals the first: what the others do not touch, they go on sharing. */
  #idlest(): Bus | undefined {
    let idlest: Bus | undefined;
    for (const bus of this.#buses) if (idlest === undefined || bus.running < idlest.running) idlest = bus;
    return idlest;
  }

  #wait(start: (bus: Bus) => AsgiCall, response: AsgiResponse): WaitingCall {
    const call = new WaitingCall(start, response, () => this.#waiting.delete(call));
    if (this.#loss === undefined) this.#waiting.add(call);
    else call.lose(this.#loss);
    return call;
  }
}
