import type { ConnectionInfo, ProxyHeader, RequestHead } from '@gunicorn-ts/http';
import type { Duplex } from 'node:stream';
import { clock } from '../loop/clock.ts';
import { nextTurn, type TurnTaker } from '../loop/turns.ts';
import type { MakeStream, Transport, TransportOwner } from '../transport/transport.ts';
import type { ConnectionHost } from './connection-host.ts';
import type { Stage, Timing } from './deadline.ts';
import type { Exchange } from './exchange.ts';
import type { RequestReader } from './request-reader.ts';
import type { ServedConnection } from './served-connection.ts';

/**
 * One connection: its requests one after the other. While one is with the application, none behind it is read.
 */
export class Connection implements ServedConnection, TransportOwner, ConnectionInfo, TurnTaker, Timing {
  readonly transport: Transport;
  stage: Stage = 'fresh';
  since: number = clock.ms;
  requestSince: number = clock.ms;
  requests = 0;
  exchange: Exchange | undefined;
  proxy: ProxyHeader | undefined;
  attachment: unknown;
  /** How long nothing may go in or out before the service is told, in milliseconds; 0 is for ever. */
  inactivityMs = 0;
  /** From when on that counts. */
  activeSince = 0;
  readonly #host: ConnectionHost;
  #parser: RequestReader | undefined;
  /** The whole request has arrived. */
  #isComplete = true;
  #hasBody = false;
  /** The application wants no more of the body for now. */
  #isHeld = false;
  #isAdvancing = false;
  #isLast = false;
  /** The client did not wait for an answer before it sent more. */
  #sendsOn = false;

  constructor(host: ConnectionHost, transport: Transport) {
    this.#host = host;
    this.transport = transport;
    transport.owner = this;
  }

  /** Of the transport peer; a proxy's own address, when there is one. */
  get address(): string {
    return this.transport.peer.host;
  }

  get secure(): boolean {
    return this.transport.secure;
  }

  get isReceiving(): boolean {
    return !this.#isComplete && !this.#isHeld;
  }

  /** Nothing is asked of it. What has arrived behind an answered request is a request that waits for its turn. */
  get isIdle(): boolean {
    return this.stage === 'idle' && (this.#parser?.held ?? 0) === 0;
  }

  get isOver(): boolean {
    return this.stage === 'closed' || this.stage === 'released';
  }

  get isLast(): boolean {
    return this.#isLast || this.#host.isClosing || this.#host.limits.keepAliveMs === 0;
  }

  onData(bytes: Uint8Array, length: number): void {
    if (this.stage === 'closing' || this.stage === 'refused' || this.isOver) return;
    const parser = (this.#parser ??= this.#host.parsers.take(this));
    parser.push(bytes, length);
    if (!this.#isBlocked()) {
      this.#advance(parser);
      return;
    }
    this.#sendsOn = true;
    // Of what the client sends on, the kernel keeps the rest.
    parser.settle();
    this.transport.pause();
  }

  onEnd(): void {
    if (this.stage === 'refused' && this.#host.allowHalfOpen) return;
    // What is there is all there will be: perhaps whole requests, which have their turn behind others.
    const isEmpty = !this.#isHeld && (this.#parser?.held ?? 0) === 0;
    this.#isHeld = false;
    if (isEmpty) this.#inputEnded();
    else if (!this.#isBlocked()) nextTurn(this);
  }

  onDrain(): void {
    this.exchange?.onDrain();
  }

  onClose(error: Error | undefined): void {
    if (this.isOver) return;
    const wasServing = this.exchange;
    this.exchange = undefined;
    this.#enter('closed');
    this.#dropParser();
    this.#host.onClosed(this);
    if (wasServing === undefined) this.#host.service.onGone?.(this, error);
    else wasServing.onAbort(error);
  }

  /** More has been pushed than could be looked at, or the application wants it now. */
  onTurn(): void {
    if (this.isOver || this.#isBlocked()) return;
    if (this.#parser !== undefined) this.#advance(this.#parser);
    else if (this.transport.isEnded) this.#inputEnded();
  }

  wantBody(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.transport.resume();
    // Not at once, it may be in the middle of taking the last piece; and whatever is held: the end takes no bytes.
    nextTurn(this);
  }

  exchangeDone(keepAlive: boolean): void {
    this.exchange = undefined;
    if (this.isOver) return;
    this.#isHeld = false;
    if (!keepAlive || this.isLast) {
      // A client that sends on would have its answer taken by the reset that it gets for that.
      this.close((this.#hasBody && !this.#isComplete) || this.#sendsOn || (this.#parser?.held ?? 0) > 0);
      return;
    }
    this.transport.resume();
    if (this.#isComplete) this.#rest();
    else {
      this.#enter('rest');
      if (this.#parser !== undefined && this.#parser.held > 0) nextTurn(this);
    }
  }

  close(mayLinger: boolean): void {
    if (this.stage === 'closing' || this.isOver) return;
    this.#enter('closing');
    // What has arrived of a request that goes on is still the application's.
    if (this.exchange === undefined) this.#dropParser();
    this.transport.finish(mayLinger);
  }

  stopReading(): void {
    if (this.stage === 'closing' || this.isOver) return;
    this.#enter('refused');
    this.#dropParser();
  }

  destroy(error?: Error): void {
    this.transport.destroy(error);
  }

  takeRest(): Buffer {
    const rest = this.#parser?.takeRest();
    this.#dropParser();
    return rest ?? Buffer.alloc(0);
  }

  release(make?: MakeStream): Duplex {
    this.stage = 'released';
    return this.transport.release(make);
  }

  forget(): void {
    this.#host.onClosed(this);
  }

  watchInactivity(ms: number): void {
    this.inactivityMs = ms;
    clock.look();
    this.activeSince = clock.ms;
    this.#host.keepDeadline(ms);
  }

  /** Whether what has arrived must wait for the application. */
  #isBlocked(): boolean {
    return this.#isHeld || (this.exchange !== undefined && this.#isComplete);
  }

  #advance(parser: RequestReader): void {
    // The application, in the middle of taking a piece, asked for more.
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    try {
      while (this.#step(parser));
    } catch (error) {
      // The application threw. Its request goes on arriving all the same.
      nextTurn(this);
      throw error;
    } finally {
      this.#isAdvancing = false;
      // What was not looked at lies where the bytes of others come next.
      this.#parser?.settle();
    }
  }

  /** @returns whether to go on */
  #step(parser: RequestReader): boolean {
    switch (parser.next()) {
      case 'head':
        return this.#begin(parser.head!, parser);
      case 'body':
        return this.#take(parser);
      case 'end':
        return this.#complete(parser);
      case 'more':
        this.#awaitMore(parser);
        return false;
      case 'preface':
        this.proxy ??= parser.proxy;
        this.#host.onPreface(this);
        return false;
      case 'closed':
        return false;
      case 'error':
        this.#refuse(parser);
        return false;
    }
  }

  #begin(head: RequestHead, parser: RequestReader): boolean {
    this.requestSince = this.stage === 'head' ? this.since : clock.ms;
    this.proxy ??= parser.proxy;
    this.requests++;
    this.#isComplete = false;
    this.#hasBody = head.framing.kind !== 'none';
    this.#enter('serving');
    const exchange = this.#host.service.accept(this, head);
    if (exchange === undefined) return false;
    this.exchange = exchange;
    exchange.start();
    return this.#parser === parser;
  }

  #take(parser: RequestReader): boolean {
    if (this.exchange === undefined || this.exchange.onBody(parser.chunk)) return this.#parser === parser;
    if (this.transport.isEnded) return this.#parser === parser;
    this.#isHeld = true;
    this.transport.pause();
    return false;
  }

  #complete(parser: RequestReader): boolean {
    this.#isComplete = true;
    if (this.exchange === undefined) this.#rest();
    else this.exchange.onComplete(parser.trailers);
    return false;
  }

  /** Between two requests. The next one may be here already, and has its turn when the others had theirs. */
  #rest(): void {
    this.#enter('idle');
    if (this.#parser?.held === 0 && this.#host.parsers.isShared) this.#dropParser();
    if ((this.#parser?.held ?? 0) > 0 || this.transport.isEnded) nextTurn(this);
  }

  #awaitMore(parser: RequestReader): void {
    if (parser.held > 0 && (this.stage === 'fresh' || this.stage === 'idle')) {
      // The time of a fresh connection goes on: it began to say what it wants when it came.
      if (this.stage === 'idle') this.since = clock.ms;
      this.stage = 'head';
    }
    if (this.transport.isEnded) this.#inputEnded();
  }

  #inputEnded(): void {
    const error = this.#parser?.finish();
    if (error !== undefined) this.#refuse(this.#parser!);
    else if (this.exchange === undefined) this.close(false);
    else if (this.#host.allowHalfOpen) {
      this.#isLast = true;
      this.exchange.onLast();
    } else this.transport.finish();
  }

  #refuse(parser: RequestReader): void {
    const error = parser.error!;
    this.proxy ??= parser.proxy;
    if (this.exchange !== undefined) this.exchange.onRefused(error);
    else if (this.stage === 'rest') this.close(true);
    else this.#host.service.refuse(this, error);
  }

  #enter(stage: Stage): void {
    this.stage = stage;
    this.since = clock.ms;
  }

  #dropParser(): void {
    if (this.#parser !== undefined) this.#host.parsers.giveBack(this.#parser);
    this.#parser = undefined;
  }
}
