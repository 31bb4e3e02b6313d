import { BodyReader } from './body-reader.ts';
import { RequestError } from './errors.ts';
import { HeadReader } from './head-reader.ts';
import type { ConnectionInfo } from './head-verdict.ts';
import type { HeaderFields } from './header-fields.ts';
import type { HttpRules } from './http-rules.ts';
import { detectPreface } from './http2-preface.ts';
import { Input } from './input.ts';
import type { ProxyHeader } from './proxy-header.ts';
import { detectProxySignature, readProxyHeader } from './proxy-protocol.ts';
import type { RequestHead } from './request-head.ts';

/**
 * What {@link RequestParser.next} found:
 * - `more`: push more bytes; those pushed so far may be overwritten
 * - `head`: a request begins; see `head`
 * - `body`: some bytes of its body; see `chunk`
 * - `end`: it is complete; see `trailers`
 * - `closed`: no request follows on this connection, and what the client sends is not looked at
 * - `preface`: the client speaks HTTP/2; `takeRest` gives all that it has sent
 * - `error`: refused; see `error`. Every further call says so again
 */
export type RequestEvent = 'more' | 'head' | 'body' | 'end' | 'closed' | 'preface' | 'error';

type Stage = 'proxy' | 'preface' | 'head' | 'body' | 'closed' | 'failed';

/**
 * Reads the requests of one connection from bytes in any cut. It does no I/O and keeps no time:
 * push what has arrived, then call `next` until it says `more`, `closed` or `error`.
 *
 * The same bytes give the same requests and the same error, however they were cut.
 */
export class RequestParser {
  readonly #rules: HttpRules;
  readonly #input = new Input();
  readonly #heads: HeadReader;
  readonly #bodies: BodyReader;
  #connection: ConnectionInfo;
  #stage: Stage;
  #head: RequestHead | undefined;
  #error: RequestError | undefined;
  #proxy: ProxyHeader | undefined;

  /** @param rules shared by all parsers of a process */
  constructor(rules: HttpRules, connection: ConnectionInfo) {
    this.#rules = rules;
    this.#heads = new HeadReader(rules);
    this.#bodies = new BodyReader(rules);
    this.#connection = connection;
    this.#stage = this.#firstStage();
  }

  /** The request that the last `head` event announced. */
  get head(): RequestHead | undefined {
    return this.#head;
  }

  /** After `body`: bytes of the body, where they were pushed. Valid until the next call of `push` or `next`. */
  get chunk(): Uint8Array {
    return this.#bodies.chunk;
  }

  /** After `end`: the trailers. They are kept apart from the header fields, as RFC 9110 §6.5 asks. */
  get trailers(): HeaderFields {
    return this.#bodies.trailers;
  }

  /** After `error`, and after `finish` found one. */
  get error(): RequestError | undefined {
    return this.#error;
  }

  /** What a load balancer said in front of the first request. Holds for the whole connection. */
  get proxy(): ProxyHeader | undefined {
    return this.#proxy;
  }

  /** Bytes held and not used up. */
  get held(): number {
    return this.#input.held;
  }

  /** Forgets everything, for a new connection. Cheaper than a new parser. */
  restart(connection: ConnectionInfo): void {
    this.#connection = connection;
    this.#input.clear();
    this.#heads.clear();
    this.#head = this.#error = this.#proxy = undefined;
    this.#stage = this.#firstStage();
  }

  /**
   * Gives the parser the next bytes. They are read where they lie, and must not change until `next` has
   * said `more`.
   * @param length how many of them count; default: all
   */
  push(bytes: Uint8Array, length: number = bytes.length): void {
    if (this.#stage !== 'closed' && this.#stage !== 'failed') this.#input.push(bytes, length);
  }

  /**
   * Copies what was pushed and is not used up, so that it may be overwritten before `next` has said `more`: for
   * whoever stops in between.
   */
  settle(): void {
    this.#input.settle();
  }

  /** Finds the next event in what was pushed. Never throws because of what a client sent. */
  next(): RequestEvent {
    try {
      const event = this.#read();
      if (event === 'more') this.#input.settle();
      return event;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return this.#fail(error);
    }
  }

  /**
   * The client will send nothing more. Gives the error `incomplete` in the middle of a request; `undefined`
   * between requests, and when an error or `closed` was given before.
   */
  finish(): RequestError | undefined {
    const between = this.#stage !== 'body' && this.#input.held === 0;
    if (between || this.#stage === 'closed' || this.#stage === 'failed') return undefined;
    this.#fail(new RequestError('incomplete'));
    return this.#error;
  }

  /** Bytes behind the request, for whoever takes the connection over after an upgrade or CONNECT. Ends the parsing. */
  takeRest(): Buffer {
    const { bytes, at, end } = this.#input;
    const rest = Buffer.from(bytes.subarray(at, end));
    this.#stage = 'closed';
    this.#input.clear();
    return rest;
  }

  #firstStage(): Stage {
    return this.#rules.policy.proxyProtocol === 'off' ? this.#prefaceStage() : 'proxy';
  }

  #prefaceStage(): Stage {
    const { policy } = this.#rules;
    const mayBe = policy.priorKnowledge === true && this.#rules.trustsForwarder(this.#connection.address);
    return mayBe ? 'preface' : 'head';
  }

  #read(): RequestEvent {
    switch (this.#stage) {
      case 'proxy':
        return this.#readProxy() ? this.#read() : 'more';
      case 'preface':
        return this.#readPreface();
      case 'head':
        return this.#readHead();
      case 'body':
        return this.#readBody();
      case 'closed':
        return 'closed';
      case 'failed':
        return 'error';
    }
  }

  #readProxy(): boolean {
    const { bytes, at, end } = this.#input;
    const arrived = bytes.subarray(at, end);
    const signature = detectProxySignature(arrived, this.#rules.policy.proxyProtocol);
    if (signature === 'more') return false;
    if (signature !== 'absent') {
      if (!this.#rules.trustsProxy(this.#connection.address)) throw new RequestError('proxy-forbidden');
      const reading = readProxyHeader(arrived, signature);
      if (reading === undefined) return false;
      this.#proxy = reading.header;
      this.#input.consumeTo(at + reading.length);
    }
    this.#stage = this.#prefaceStage();
    return true;
  }

  #readPreface(): RequestEvent {
    const { bytes, at, end } = this.#input;
    switch (detectPreface(bytes, at, end)) {
      case 'whole':
        return 'preface';
      case 'part':
        return 'more';
      case 'absent':
        this.#stage = 'head';
        return this.#readHead();
    }
  }

  #readHead(): RequestEvent {
    const head = this.#heads.read(this.#input, this.#connection);
    if (head === undefined) return 'more';
    this.#head = head;
    this.#bodies.start(head.framing);
    this.#stage = 'body';
    return 'head';
  }

  #readBody(): RequestEvent {
    const event = this.#bodies.read(this.#input);
    // RFC 9112 §9.6: what follows a request that closes the connection is not a request.
    if (event === 'end') this.#stage = this.#head?.keepAlive === true ? 'head' : 'closed';
    return event;
  }

  #fail(error: RequestError): RequestEvent {
    if (this.#rules.policy.keepsRefused) {
      const { bytes, mark, at, end } = this.#input;
      error.packet = { bytes: Buffer.from(bytes.subarray(mark, end)), parsed: at - mark };
    }
    this.#error = error;
    this.#stage = 'failed';
    this.#input.clear();
    return 'error';
  }
}
