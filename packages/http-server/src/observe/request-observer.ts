import type { AccessRecord, Hooks, Meter, RequestInfo, WorkerContext } from '@gunicorn-ts/interface';
import { clock } from '../loop/clock.ts';
import { RequestRecord } from './access-record.ts';
import type { BegunRequest, EndedRequest } from './ended-request.ts';
import { reasonOf } from './refusal-reason.ts';
import { requestStartAge } from './request-start.ts';
import { stackOf } from './stack.ts';

type Context = Pick<WorkerContext, 'hooks' | 'facade' | 'accessLog' | 'requestFinished' | 'log' | 'meter'>;

/**
 * Sees every request begin and end, for the meter, the hooks and the access log. What nobody asks for costs a request
 * nothing.
 */
export class RequestObserver {
  readonly #context: Context;
  readonly #trusts: (address: string) => boolean;
  readonly #preRequest: Hooks['preRequest'];
  readonly #postRequest: Hooks['postRequest'];
  /** The request that began last. */
  #latest: BegunRequest | undefined;
  /** Whether somebody wants to know how much was sent. */
  readonly measures: boolean;

  /** @param trusts whether what a peer says of a request is believed */
  constructor(context: Context, trusts: (address: string) => boolean) {
    this.#trusts = trusts;
    this.#context = context;
    this.#preRequest = context.hooks.preRequest;
    this.#postRequest = context.hooks.postRequest;
    this.measures = context.accessLog || this.#postRequest !== undefined;
  }

  /** What it throws is an error of the request. */
  begin(begun: BegunRequest): void {
    const { meter } = this.#context;
    if (meter !== undefined) {
      this.#latest = begun;
      meter.requestBegan(begun.head.method, begun.head.target, clock.now);
      const said = begun.head.fields.find('x-request-start');
      if (said !== -1) this.#countWait(meter, begun, begun.head.fields.value(said));
    }
    if (this.#preRequest !== undefined) this.#preRequest(this.#context.facade, infoOf(begun));
  }

  /**
   * All of the response is with the kernel. Whoever reads the figures is to see that at once: what else there is to do at
   * the end has its turn later, and the application can keep the event loop before that.
   */
  answered(ended: EndedRequest): void {
    const { meter, accessLog } = this.#context;
    if (ended.endedAt !== 0 || (meter === undefined && !accessLog)) return;
    const now = clock.look();
    ended.endedAt = now;
    if (meter === undefined) return;
    if (this.#latest === ended) {
      this.#latest = undefined;
      meter.requestLeft(now);
    }
    meter.requestEnded(ended.head.method, ended.status, now - ended.startedAt);
  }

  end(ended: EndedRequest): void {
    this.answered(ended);
    if (!this.measures) {
      this.#context.requestFinished();
      return;
    }
    if (this.#postRequest !== undefined) this.#callPostRequest(this.#postRequest, ended);
    const { accessLog } = this.#context;
    this.#context.requestFinished(
      accessLog && ended.isAnsweredElsewhere !== true
        ? new RequestRecord(ended, ended.endedAt - ended.startedAt)
        : undefined,
    );
  }

  /** A request that no application has seen. */
  refused(status: number, record: () => AccessRecord): void {
    this.#context.meter?.requestRefused(reasonOf(status));
    this.#context.requestFinished(this.#context.accessLog ? record() : undefined);
  }

  #countWait(meter: Meter, { remoteAddress }: BegunRequest, said: string): void {
    const ms = this.#trusts(remoteAddress) ? requestStartAge(said, Date.now()) : undefined;
    if (ms !== undefined) meter.waited('header', ms);
  }

  #callPostRequest(postRequest: NonNullable<Hooks['postRequest']>, ended: EndedRequest): void {
    const { facade, log } = this.#context;
    const { status, bytes, response } = ended;
    try {
      postRequest(facade, infoOf(ended), { status, bytes, ...(response && { raw: response }) });
    } catch (error) {
      log.error(`The hook postRequest threw: ${stackOf(error)}`);
    }
  }
}

function infoOf({ head, remoteAddress, request }: BegunRequest): RequestInfo {
  const { method, target } = head;
  return { method, target, remoteAddress, ...(request && { raw: request }) };
}
