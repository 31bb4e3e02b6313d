import {
  CONTINUE,
  earlyHints,
  errorBody,
  errorResponse,
  type RequestError,
  type RequestHead,
  ResponseBody,
  type ResponseDraft,
  type ResponseHead,
  responseTrailers,
} from '@gunicorn-ts/http';
import type { WsgiEnviron } from '@gunicorn-ts/interface';
import { type BodyCollector, EMPTY_BODY, type RequestBody } from '@gunicorn-ts/wsgi';
import type { Exchange } from '../../connection/exchange.ts';
import type { ServedConnection } from '../../connection/served-connection.ts';
import { clock } from '../../loop/clock.ts';
import { CLIENT_CLOSED_REQUEST, headerIn } from '../../observe/head-text.ts';
import { answerTo, withId } from '../../observe/request-id.ts';
import { ANSWERED_ELSEWHERE, ELSEWHERE_MS, type WaitedFor } from '../../application/gate.ts';
import type { Client } from './answer.ts';
import { clientOf } from './client.ts';
import { leaveHttp, SWITCHING_PROTOCOLS, type UpgradedConnection } from './upgraded-connection.ts';
import { BodyStream } from './body-stream.ts';
import type { DirectHost, RunningExchange } from './direct-host.ts';
import { sendHead } from './send-head.ts';

/** One request of an application that needs no objects of Node's: bytes go from and to the transport. */
export class DirectExchange implements Exchange, RunningExchange {
  readonly head: RequestHead;
  readonly client: Client;
  readonly startedAt: number = clock.now;
  body: RequestBody = EMPTY_BODY;
  stream: BodyStream | undefined;
  environ: WsgiEnviron | undefined;
  cutAs: number = CLIENT_CLOSED_REQUEST;
  onAbandoned: ((reason: Error) => void) | undefined;
  readonly connection: ServedConnection;
  isAnsweredElsewhere = false;
  endedAt = 0;
  readonly #host: DirectHost;
  #collector: BodyCollector | undefined;
  #response: ResponseHead | undefined;
  #content: ResponseBody | undefined;
  #status = 0;
  /** Body bytes of an answer that the server gave itself. */
  #answered = 0;
  #gone = false;
  #isOver = false;
  #waitsForWord: boolean;
  #isPersistent = true;
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(host: DirectHost, connection: ServedConnection, head: RequestHead) {
    this.#host = host;
    this.connection = connection;
    this.head = head;
    this.client = clientOf(connection);
    this.#waitsForWord = head.expectsContinue;
  }

  get begun(): boolean {
    return this.#status !== 0;
  }

  get gone(): boolean {
    return this.#gone;
  }

  get unwanted(): boolean {
    return this.#gone || (this.#content?.isFull ?? false);
  }

  get isDrained(): boolean {
    return this.#gone || this.connection.transport.pending === 0;
  }

  get sendsFiles(): boolean {
    return this.connection.transport.file !== undefined;
  }

  get remoteAddress(): string {
    return this.client.host;
  }

  get status(): number {
    return this.#status === 0 ? this.cutAs : this.#status;
  }

  get isOver(): boolean {
    return this.#isOver || this.#gone;
  }

  get waitedFor(): WaitedFor {
    if (!this.isDrained) return 'reader';
    return this.stream?.isAwaited === true ? 'sender' : 'application';
  }

  get bytes(): number {
    const added = this.#content?.bytes ?? this.#answered;
    return this.#gone ? Math.max(0, added - this.connection.transport.lost) : added;
  }

  responseHeader(name: string): string | undefined {
    return headerIn(this.#response?.text ?? '', name);
  }

  start(): void {
    if (this.head.framing.kind === 'none') this.#host.arrived(this);
    else if (this.#host.input === 'whole') {
      this.#collector = this.#host.bodies.collect();
      this.#sendWord();
    } else {
      this.stream = new BodyStream({
        begin: () => this.#sendWord(),
        resume: () => this.connection.wantBody(),
      });
      this.#host.arrived(this);
    }
  }

  run(): void | Promise<void> {
    return this.#host.run(this);
  }

  onBody(chunk: Uint8Array): boolean {
    this.#waitsForWord = false;
    if (this.#isOver) return true;
    if (this.stream !== undefined) return this.stream.push(chunk);
    try {
      this.#collector?.append(chunk);
    } catch (error) {
      this.#host.unstored(this, error as Error);
    }
    return true;
  }

  onComplete(): void {
    this.stream?.end();
    const collector = this.#collector;
    if (collector === undefined || this.#isOver) return;
    this.#collector = undefined;
    try {
      this.body = collector.finish();
    } catch (error) {
      this.#host.unstored(this, error as Error);
      return;
    }
    this.#host.arrived(this);
  }

  onDrain(): void {
    this.#settle();
  }

  onRefused(error: RequestError): void {
    this.#host.refused(this, error);
  }

  /** The head asks when it is written. */
  onLast(): void {}

  onTimeout(): void {
    this.#host.timedOut(this);
  }

  onAbort(error: Error | undefined): void {
    this.abandon(error ?? new Error('The client has left'));
    this.#finish();
  }

  begin(draft: ResponseDraft): void {
    const isLast = this.connection.isLast || this.#waitsForWord;
    const response = (this.#response = this.#host.writer.write(this.head, withId(this.head, draft), isLast));
    this.#content = new ResponseBody(response);
    this.#status = response.status;
    if (this.#mayWrite()) sendHead(this.connection.transport, response);
  }

  write(chunk: Uint8Array): void {
    const content = this.#content!;
    const size = content.admit(chunk.length);
    if (size === 0 || this.#gone) return;
    const { transport } = this.connection;
    transport.text(content.before(size));
    transport.bytes(size === chunk.length ? chunk : chunk.subarray(0, size));
    transport.text(content.after(size));
  }

  writeText(text: string, byteLength: number): void {
    const { framing, length } = this.#response!;
    if (framing === 'length' && length === byteLength && this.#content!.admit(byteLength) === byteLength) {
      if (!this.#gone) this.connection.transport.utf8(text);
    } else this.write(Buffer.from(text));
  }

  writeFile(file: number, size: number): void {
    const admitted = this.#content!.admit(size);
    if (admitted > 0 && !this.#gone) this.connection.transport.file?.(file, admitted);
  }

  flush(): void {
    this.connection.transport.flush();
  }

  end(isLast = false, trailers: ResponseDraft['headers'] = []): number {
    const over = this.#content!.end(true, responseTrailers(trailers, this.head.fields));
    const closes = isLast && !(over.keepAlive && this.#response!.keepAlive);
    if (!over.keepAlive) this.#isPersistent = false;
    if (this.#gone) return over.missing;
    if (over.tail !== '') this.connection.transport.text(over.tail);
    this.connection.transport.flush(closes);
    // What ends a connection leaves with its end.
    if (!closes && this.isDrained) this.#host.answered(this);
    return over.missing;
  }

  upgrade(): UpgradedConnection {
    this.#status = SWITCHING_PROTOCOLS;
    return leaveHttp(this.connection, (bytes) => {
      this.#answered = bytes;
      this.#finish();
    });
  }

  hint(headers: ResponseDraft['headers']): void {
    if (this.begun || this.#gone || this.head.version < 11) return;
    this.connection.transport.text(earlyHints(headers));
    this.flush();
  }

  drained(): Promise<void> {
    if (this.isDrained) return Promise.resolve();
    return (this.#drained ??= Promise.withResolvers<void>()).promise;
  }

  answer(status: number, sentence?: string): boolean {
    this.#isPersistent = false;
    if (this.begun) return false;
    this.#status = status;
    this.#answered = this.head.method === 'HEAD' ? 0 : errorBody(status, sentence).length;
    if (!this.#mayWrite()) return true;
    const text = errorResponse(this.#host.writer, { status, sentence, ...answerTo(this.head) });
    this.connection.transport.text(text);
    this.flush();
    return true;
  }

  abandon(reason: Error): void {
    if (this.#isOver) return;
    this.#gone = true;
    this.stream?.fail(reason);
    this.onAbandoned?.(reason);
    this.#settle();
  }

  done(): void {
    if (this.#isOver) return;
    if (this.isDrained) this.#finish();
    else void this.drained().then(() => this.#finish());
  }

  #mayWrite(): boolean {
    if (this.#gone) return false;
    if (this.#host.takeBack(this)) return true;
    this.#answeredElsewhere();
    return false;
  }

  #answeredElsewhere(): void {
    this.isAnsweredElsewhere = this.#gone = true;
    this.#status = ANSWERED_ELSEWHERE;
  }

  #sendWord(): void {
    if (!this.#waitsForWord || this.begun || this.#gone) return;
    this.#waitsForWord = false;
    this.connection.transport.text(CONTINUE);
    this.flush();
  }

  #settle(): void {
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.begun && !this.#host.takeBack(this)) this.#answeredElsewhere();
    this.#collector?.discard();
    if (this.body.length > 0) this.body.close();
    this.stream?.drop();
    this.#host.ended(this);
    const keepAlive = this.#response?.keepAlive === true && this.#isPersistent && !this.#gone;
    // The answer of somebody else may still be on its way.
    if (this.isAnsweredElsewhere) setTimeout(() => this.connection.exchangeDone(false), ELSEWHERE_MS).unref();
    else this.connection.exchangeDone(keepAlive);
  }
}
