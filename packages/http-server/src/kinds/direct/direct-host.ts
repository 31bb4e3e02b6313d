import type { RequestError, RequestHead, ResponseHeadWriter } from '@gunicorn-ts/http';
import type { BodyStore } from '@gunicorn-ts/wsgi';
import type { ArrivedRequest } from '../../application/gate.ts';
import type { EndedRequest } from '../../observe/ended-request.ts';
import type { Answer } from './answer.ts';

/** An exchange, as its host sees it. */
export interface RunningExchange extends Answer, Omit<EndedRequest, 'environ'>, ArrivedRequest {
  readonly head: RequestHead;
  /**
   * Answers for an application that did not.
   * @returns false when its own response has begun
   */
  answer(status: number, sentence?: string): boolean;
  /** What the application still says goes nowhere, and it can know it. */
  abandon(reason: Error): void;
  /** The application is done, well or badly; the rest of its response may be on its way. */
  done(): void;
}

/** Who makes exchanges, and is asked by them. */
export interface DirectHost {
  readonly writer: ResponseHeadWriter;
  readonly bodies: BodyStore;
  /** Whether the application is called when the whole body has arrived, or when the head has. */
  readonly input: 'whole' | 'stream';
  /** The request has arrived: it is to be run, now or later. */
  arrived(exchange: RunningExchange): void;
  /** Has the application answer. */
  run(exchange: RunningExchange): void | Promise<void>;
  /** See `Gate.takeBack`. */
  takeBack(exchange: RunningExchange): boolean;
  /** The body cannot be kept. */
  unstored(exchange: RunningExchange, error: Error): void;
  /** The rest of the body is none. */
  refused(exchange: RunningExchange, error: RequestError): void;
  /** No answer in time. */
  timedOut(exchange: RunningExchange): void;
  /** All of the response is with the kernel. */
  answered(exchange: RunningExchange): void;
  /** The exchange is over. Told once. */
  ended(exchange: RunningExchange): void;
}
