import { isHost } from './authority.ts';
import { type BodyFraming, decideFraming } from './body-framing.ts';
import { RequestError } from './errors.ts';
import type { ForwardedElement } from './forwarded.ts';
import { type Forwarding, type Scheme, readForwarding } from './forwarding.ts';
import type { FieldBlock } from './field-block.ts';
import type { HeaderFields } from './header-fields.ts';
import type { HttpRules } from './http-rules.ts';
import { CONNECTION, CONTENT_TYPE, EXPECT, FORWARDED, HOST, SECURE_SCHEME } from './known-field.ts';
import { trimOws } from './octets.ts';

/** What is known of the connection that a request came on. */
export interface ConnectionInfo {
  /** Address of the transport peer; empty for a unix socket. */
  readonly address: string;
  /** Whether it is TLS. */
  readonly secure: boolean;
}

/** What the header fields mean to the server. */
export interface HeadVerdict {
  readonly framing: BodyFraming;
  /** Whether the client wants the connection to live on, and the message allows it. */
  readonly keepAlive: boolean;
  /** Whether the client asks to change the protocol: then the field `Upgrade` says to what. */
  readonly wantsUpgrade: boolean;
  /** Whether the client waits for `100 Continue` before it sends the body; never without a body. */
  readonly expectsContinue: boolean;
  readonly scheme: Scheme;
  readonly forwarded: ForwardedElement | undefined;
}

const PLAIN: HeadVerdict = Object.freeze({
  framing: decideFraming({ all: () => [] }, 0, 11, 0),
  keepAlive: true,
  wantsUpgrade: false,
  expectsContinue: false,
  scheme: 'http',
  forwarded: undefined,
});

const PLAIN_SECURE: HeadVerdict = Object.freeze({ ...PLAIN, scheme: 'https' });

/**
 * Judges the fields of request heads. A Host that was found to be plain, and the absence of everything
 * else that matters, are settled without looking at a field again.
 */
export class HeadJudge {
  readonly #rules: HttpRules;
  #lastHost: string | undefined;

  constructor(rules: HttpRules) {
    this.#rules = rules;
  }

  /**
   * @param block where the fields were collected
   * @param version 10 for HTTP/1.0, 11 for HTTP/1.1
   * @throws {RequestError} when the request must be refused
   */
  judge(block: FieldBlock, fields: HeaderFields, version: number, connection: ConnectionInfo): HeadVerdict {
    const { seen } = block;
    const { requireHost, anyExpectation } = this.#rules.policy;
    const framing = decideFraming(fields, seen, version, this.#rules.bodyLimit);
    if (version >= 11 && (seen & HOST) === 0 && requireHost) throw new RequestError('missing-host');
    if ((seen & HOST) !== 0 && !block.hostIsPlain) this.#checkHost(fields.get('host') ?? '');
    if (version >= 11 && (seen & ~(HOST | CONTENT_TYPE)) === 0) {
      return connection.secure ? PLAIN_SECURE : PLAIN;
    }
    const options = (seen & CONNECTION) === 0 ? NO_OPTIONS : connectionOptions(fields.all('connection'));
    const persists = version >= 11 ? !options.includes('close') : wantsToPersist(options);
    const expects =
      version >= 11 && (seen & EXPECT) !== 0 && expectsContinue(fields.all('expect'), anyExpectation);
    const { scheme, forwarded } = this.#forwarding(fields, seen, connection);
    return {
      framing,
      keepAlive: persists && framing.codings.length === 0,
      wantsUpgrade: version >= 11 && options.includes('upgrade'),
      expectsContinue: expects && framing.kind !== 'none',
      scheme,
      forwarded,
    };
  }

  /** Clients of a server name few hosts, and most of them the same one again and again. */
  #checkHost(host: string): void {
    if (host === this.#lastHost) return;
    if (!isHost(host)) throw new RequestError('host');
    this.#lastHost = host;
  }

  #forwarding(fields: HeaderFields, seen: number, connection: ConnectionInfo): Forwarding {
    const scheme = connection.secure ? 'https' : 'http';
    const says = (seen & (SECURE_SCHEME | FORWARDED)) !== 0;
    if (!says || !this.#rules.trustsForwarder(connection.address)) return { scheme, forwarded: undefined };
    return readForwarding(fields, scheme, this.#rules);
  }
}

function wantsToPersist(options: readonly string[]): boolean {
  return options.includes('keep-alive') && !options.includes('close');
}

const NO_OPTIONS: readonly string[] = [];

const USUAL_OPTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['close', ['close']],
  ['keep-alive', ['keep-alive']],
  ['Keep-Alive', ['keep-alive']],
]);

/** The options of a Connection header, in small letters. It is a list: `keep-alive, Upgrade`. */
export function connectionOptions(values: readonly string[]): readonly string[] {
  const usual = values.length === 1 ? USUAL_OPTIONS.get(values[0]!) : undefined;
  if (usual !== undefined) return usual;
  return values.flatMap((value) => value.split(',')).map((option) => trimOws(option).toLowerCase());
}

function expectsContinue(values: readonly string[], anyExpectation: boolean): boolean {
  if (!anyExpectation) return checkExpectation(values);
  return values.every((value) => value.toLowerCase() === '100-continue');
}

/**
 * `true`; anything but `100-continue` cannot be met (RFC 9110 §10.1.1).
 * @throws {RequestError} `expectation`
 */
export function checkExpectation(values: readonly string[]): boolean {
  if (values.some((value) => value.toLowerCase() !== '100-continue')) throw new RequestError('expectation');
  return true;
}
