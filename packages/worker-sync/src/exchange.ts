import {
  earlyHints,
  errorBody,
  errorResponse,
  type RequestHead,
  ResponseBody,
  type ResponseDraft,
  type ResponseHead,
  type ResponseHeadWriter,
} from '@gunicorn-ts/http';
import type { WsgiEnviron } from '@gunicorn-ts/interface';
import type { RequestBody } from '@gunicorn-ts/wsgi';
import type { HungAnswer } from './hung-answer.ts';
import type { Outbox } from './outbox.ts';

/** Who asks, and where. */
export interface Client {
  /** Address that the load balancer named, or of the peer; empty for a unix socket. */
  readonly host: string;
  /** 0 when there is none. */
  readonly port: number;
  /** Where the connection was accepted; `undefined` for a unix socket. */
  readonly local: { readonly host: string; readonly port: number } | undefined;
}

/** One request and its response. */
export class Exchange {
  readonly head: RequestHead;
  readonly body: RequestBody;
  readonly client: Client;
  readonly outbox: Outbox;
  /** Time of `performance.now()` when the request was complete. */
  readonly startedAt: number;
  /** Of a WSGI application, for the access log. */
  environ: WsgiEnviron | undefined;
  readonly #writer: ResponseHeadWriter;
  readonly #hung: HungAnswer;
  #response: ResponseHead | undefined;
  #content: ResponseBody | undefined;
  #status = 0;
  /** Body bytes of the answer that the worker gave itself. */
  #answered = 0;
  #answeredByWatchdog = false;
  #abandoned = false;
  #abandonment: AbortController | undefined;

  constructor(request: ExchangeRequest, writer: ResponseHeadWriter, hung: HungAnswer) {
    this.head = request.head;
    this.body = request.body;
    this.client = request.client;
    this.outbox = request.outbox;
    this.startedAt = request.startedAt;
    this.#writer = writer;
    this.#hung = hung;
  }

  /** Whether the head is out and cannot be taken back. */
  get begun(): boolean {
    return this.#status !== 0;
  }

  /** Whether the client got its answer while this thread hung; another thread may still be writing it. */
  get answeredByWatchdog(): boolean {
    return this.#answeredByWatchdog;
  }

  /** 0 before the response began. */
  get status(): number {
    return this.#status;
  }

  /** The head of the response as it was sent; empty before. */
  get responseText(): string {
    return this.#response?.text ?? '';
  }

  /** Body bytes that were sent, without framing. */
  get bytes(): number {
    return Math.max(0, (this.#content?.bytes ?? this.#answered) - this.outbox.lost);
  }

  /** Aborted when the request is given up before its response is complete. */
  get signal(): AbortSignal {
    return (this.#abandonment ??= new AbortController()).signal;
  }

  /** Whether the worker answered for the application. */
  get answeredHere(): boolean {
    return this.#answered > 0;
  }

  /** Whether the server gave it up, and not the client. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  /**
   * What the application still says goes nowhere, and it can know it.
   * @param status what the request counts as when nothing was sent
   */
  abandon(reason: Error, status: number): void {
    this.#abandoned = true;
    if (!this.begun) this.#status = status;
    this.outbox.abandon();
    this.#abandonment?.abort(reason);
  }

  /** Whether anything that is written now would be for nothing. */
  get unwanted(): boolean {
    return this.outbox.gone || (this.#content?.isFull ?? false);
  }

  /**
   * Begins the response. Every response of this worker ends its connection.
   * @throws {ResponseError} when the head cannot be sent; nothing was sent then
   */
  begin(draft: ResponseDraft): void {
    const response = this.#writer.write(this.head, draft, true);
    this.#response = response;
    this.#content = new ResponseBody(response);
    this.#status = response.status;
    if (this.#mayWrite()) this.outbox.text(response.text);
  }

  /** Adds a piece of the body, as much of it as the head allows. The response must have begun. */
  write(chunk: Uint8Array): void {
    const content = this.#content!;
    const size = content.admit(chunk.length);
    if (size === 0) return;
    const { outbox } = this;
    outbox.text(content.before(size));
    outbox.bytes(size === chunk.length ? chunk : chunk.subarray(0, size));
    outbox.text(content.after(size));
  }

  /** Adds a part of a file from its current position on. Only where the outbox takes files, and the length is known. */
  writeFile(file: number, size: number): void {
    const admitted = this.#content!.admit(size);
    if (admitted > 0) this.outbox.file?.(file, admitted);
  }

  /**
   * Ends the response. Returns how many bytes it is shorter than its head promised.
   * @param isLast nothing of the application runs before the connection is ended
   */
  end(isLast = false): number {
    const { tail, missing } = this.#content!.end();
    this.outbox.text(tail);
    this.outbox.flush(isLast);
    return missing;
  }

  /** A 103, when the client understands one and it is not too late. */
  hint(headers: readonly (readonly [string, string])[]): void {
    if (this.begun || this.head.version < 11) return;
    this.outbox.text(earlyHints(headers));
    this.outbox.flush();
  }

  /** Answers for an application that did not. False when its own response has begun. */
  answer(status: number): boolean {
    if (this.begun) return false;
    this.#status = status;
    if (!this.#mayWrite()) return true;
    const { method } = this.head;
    this.outbox.text(errorResponse(this.#writer, { status, method }));
    this.outbox.flush();
    this.#answered = method === 'HEAD' ? 0 : errorBody(status).length;
    return true;
  }

  #mayWrite(): boolean {
    if (this.#hung.takeBack()) return true;
    this.#answeredByWatchdog = true;
    this.outbox.abandon();
    return false;
  }
}

/** What an exchange is made of. */
export interface ExchangeRequest {
  readonly head: RequestHead;
  readonly body: RequestBody;
  readonly client: Client;
  readonly outbox: Outbox;
  readonly startedAt: number;
}
