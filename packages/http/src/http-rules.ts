import { AddressSet } from './address-set.ts';
import type { HttpPolicy } from './http-policy.ts';
import { KnownFields } from './known-field.ts';
import { FIELD_VALUE, LENIENT_FIELD_VALUE } from './octets.ts';

/** Stands for "no limit": larger than any buffer, and still a small integer to the engine. */
const UNLIMITED = 0x3fff_ffff;
const MOST_FIELDS = 32_768;

/**
 * A policy made ready for use: networks parsed, names folded, limits resolved. Make one a process and
 * share it between all parsers.
 */
export class HttpRules {
  readonly policy: Required<HttpPolicy>;
  readonly lineLimit: number;
  readonly fieldLimit: number;
  readonly fieldSizeLimit: number;
  readonly bodyLimit: number;
  /** Longest request head, as {@link HttpPolicy.limitRequestHead} counts: what the policy says, or what all other limits come to. */
  readonly headLimit: number;
  readonly knownFields: KnownFields;
  /** What a header value may hold. */
  readonly fieldValue: Uint8Array;
  /** Header name in small letters to the value, in small letters, that means `https`. */
  readonly secureSchemes: ReadonlyMap<string, string>;
  readonly #forwarders: AddressSet;
  readonly #proxies: AddressSet;
  readonly #forwarderHeaders: ReadonlySet<string>;

  /** @throws {PolicyError} when `forwardedAllowIps` or `proxyAllowIps` hold what is no address */
  constructor(policy: HttpPolicy) {
    this.policy = ownPolicy(policy);
    this.lineLimit = policy.limitRequestLine || UNLIMITED;
    this.fieldLimit = Math.min(policy.limitRequestFields || MOST_FIELDS, MOST_FIELDS);
    this.fieldSizeLimit = policy.limitRequestFieldSize || UNLIMITED;
    this.bodyLimit = policy.limitRequestBody || Number.MAX_SAFE_INTEGER;
    this.headLimit = Math.min(
      policy.limitRequestHead || UNLIMITED,
      this.lineLimit + this.fieldLimit * this.fieldSizeLimit + 4,
    );
    this.fieldValue = policy.permitControlCharacters === true ? LENIENT_FIELD_VALUE : FIELD_VALUE;
    this.secureSchemes = new Map(
      Object.entries(policy.secureSchemeHeaders).map(([name, value]) => [
        name.toLowerCase(),
        value.toLowerCase(),
      ]),
    );
    this.knownFields = new KnownFields([...this.secureSchemes.keys()]);
    this.#forwarders = new AddressSet(policy.forwardedAllowIps);
    this.#proxies = new AddressSet(policy.proxyAllowIps);
    this.#forwarderHeaders = new Set(policy.forwarderHeaders.map((name) => name.toUpperCase()));
  }

  /** Whether what this peer says about the client is believed. The empty text is a unix socket: trusted. */
  trustsForwarder(address: string): boolean {
    return this.#forwarders.has(address);
  }

  /** Whether this peer may send a PROXY protocol header. The empty text is a unix socket: it may. */
  trustsProxy(address: string): boolean {
    return this.#proxies.has(address);
  }

  /**
   * What happens to a header whose name holds an underscore. A trusted peer may send the names in
   * `forwarderHeaders`; all others are up to `headerMap`.
   * @param trusted whether {@link trustsForwarder} holds for the peer
   */
  underscoreVerdict(name: string, trusted: boolean): 'keep' | 'drop' | 'refuse' {
    const names = this.#forwarderHeaders;
    if (trusted && (names.has('*') || names.has(name.toUpperCase()))) return 'keep';
    return this.policy.headerMap === 'dangerous' ? 'keep' : this.policy.headerMap;
  }
}

/** Whoever has all settings in hand may give them: an object with so many is slow to read, and this is read for each request. */
function ownPolicy(policy: HttpPolicy): Required<HttpPolicy> {
  const { requireHost, anyExpectation, permitControlCharacters, keepsRefused } = policy;
  const { servesHttp1, priorKnowledge } = policy;
  return {
    limitRequestLine: policy.limitRequestLine,
    limitRequestFields: policy.limitRequestFields,
    limitRequestFieldSize: policy.limitRequestFieldSize,
    limitRequestBody: policy.limitRequestBody,
    limitRequestHead: policy.limitRequestHead ?? 0,
    requireHost: requireHost ?? true,
    anyExpectation: anyExpectation ?? false,
    permitControlCharacters: permitControlCharacters ?? false,
    keepsRefused: keepsRefused ?? false,
    permitObsoleteFolding: policy.permitObsoleteFolding,
    stripHeaderSpaces: policy.stripHeaderSpaces,
    permitUnconventionalHttpMethod: policy.permitUnconventionalHttpMethod,
    permitUnconventionalHttpVersion: policy.permitUnconventionalHttpVersion,
    casefoldHttpMethod: policy.casefoldHttpMethod,
    servesHttp1: servesHttp1 ?? true,
    priorKnowledge: priorKnowledge ?? false,
    headerMap: policy.headerMap,
    forwarderHeaders: policy.forwarderHeaders,
    secureSchemeHeaders: policy.secureSchemeHeaders,
    forwardedAllowIps: policy.forwardedAllowIps,
    proxyProtocol: policy.proxyProtocol,
    proxyAllowIps: policy.proxyAllowIps,
  };
}
