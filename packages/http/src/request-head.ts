import type { BodyFraming } from './body-framing.ts';
import type { ForwardedElement } from './forwarded.ts';
import type { Scheme } from './forwarding.ts';
import type { HeadVerdict } from './head-verdict.ts';
import type { HeaderFields } from './header-fields.ts';
import { type RequestTarget, parseTarget } from './request-target.ts';

/** A request line, taken apart. */
export interface RequestLine {
  /** In capitals, when `casefoldHttpMethod` is set. */
  readonly method: string;
  /** As the client sent it. */
  readonly target: string;
  /** 10 for HTTP/1.0, 11 for HTTP/1.1. */
  readonly version: number;
}

/** A complete, accepted request head. It owns its text, and so outlives the parser and its buffers. */
export class RequestHead implements RequestLine, HeadVerdict {
  readonly method: string;
  readonly target: string;
  readonly version: number;
  /** The header fields, without those that `headerMap` dropped. */
  readonly fields: HeaderFields;
  readonly #verdict: HeadVerdict;

  constructor(line: RequestLine, fields: HeaderFields, verdict: HeadVerdict) {
    this.method = line.method;
    this.target = line.target;
    this.version = line.version;
    this.fields = fields;
    this.#verdict = verdict;
  }

  /** `HTTP/1.1` */
  get protocol(): string {
    if (this.version === 11) return 'HTTP/1.1';
    return `HTTP/${Math.floor(this.version / 10)}.${this.version % 10}`;
  }

  /**
   * `host[:port]` that the request is for: of an absolute target, else of the Host header (RFC 9112 §3.2.2);
   * empty when neither is there.
   */
  get host(): string {
    const authority = this.target.startsWith('/') ? undefined : this.parseTarget().authority;
    if (authority === undefined) return this.fields.get('host') ?? '';
    return authority.port === undefined ? authority.host : `${authority.host}:${authority.port}`;
  }

  /** The same head with a header of the server's in place of those of its name: the id of the request. */
  identified(name: string, id: string): IdentifiedHead {
    return new IdentifiedHead(this, this.fields.with(name, id), { verdict: this.#verdict, name, id });
  }

  get framing(): BodyFraming {
    return this.#verdict.framing;
  }

  get keepAlive(): boolean {
    return this.#verdict.keepAlive;
  }

  get wantsUpgrade(): boolean {
    return this.#verdict.wantsUpgrade;
  }

  get expectsContinue(): boolean {
    return this.#verdict.expectsContinue;
  }

  get scheme(): Scheme {
    return this.#verdict.scheme;
  }

  get forwarded(): ForwardedElement | undefined {
    return this.#verdict.forwarded;
  }

  /** Takes the target apart, anew at each call. */
  parseTarget(): RequestTarget {
    return parseTarget(this.method, this.target);
  }
}

/** A head whose request has an id. */
export class IdentifiedHead extends RequestHead {
  /** The header that says it, and goes with the response as well. */
  readonly idHeader: string;
  readonly id: string;

  constructor(
    line: RequestLine,
    fields: HeaderFields,
    { verdict, name, id }: { readonly verdict: HeadVerdict; readonly name: string; readonly id: string },
  ) {
    super(line, fields, verdict);
    this.idHeader = name;
    this.id = id;
  }
}
