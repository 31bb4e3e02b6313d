import { isHost } from './authority.ts';
import { type BodyFraming, decideFraming } from './body-framing.ts';
import { RequestError } from './errors.ts';
import { type Forwarding, readForwarding } from './forwarding.ts';
import { type ConnectionInfo, checkExpectation } from './head-verdict.ts';
import type { HttpRules } from './http-rules.ts';
import {
  CONTENT_LENGTH,
  EXPECT,
  FORWARDED,
  HOST,
  SECURE_SCHEME,
  SINGLETONS,
  TRANSFER_ENCODING,
} from './known-field.ts';
import { RawHeaders, dropUnderscoreNames } from './raw-headers.ts';
import { checkTarget } from './request-target.ts';

/** A request head that another parser read: `node:http`'s `IncomingMessage` is one. */
export interface RawRequest {
  readonly method?: string | undefined;
  /** The request target, as it was sent. */
  readonly url?: string | undefined;
  readonly httpVersionMajor: number;
  readonly httpVersionMinor: number;
  /** Names and values by turns. */
  readonly rawHeaders: readonly string[];
}

/** What the policies make of it. */
export interface RawVerdict extends Forwarding {
  readonly framing: BodyFraming;
  /** Without the names that `headerMap` drops; `undefined` when there is none to drop. */
  readonly keptHeaders: readonly string[] | undefined;
}

/** ` HTTP/1.1`, and the space behind the method. */
const REST_OF_LINE = 10;
/** `: ` and CR LF. */
const REST_OF_FIELD = 4;

const NO_BODY = decideFraming({ all: () => [] }, 0, 11, 0);

/** What nearly every request gets, made once. */
const PLAIN: RawVerdict = Object.freeze({
  scheme: 'http',
  forwarded: undefined,
  framing: NO_BODY,
  keptHeaders: undefined,
});

const PLAIN_SECURE: RawVerdict = Object.freeze({ ...PLAIN, scheme: 'https' });

/** Besides the bits of the known fields: that a name holds an underscore, and that the version is at least 1.1. */
const UNDERSCORE = 1 << 20;
const MODERN = 1 << 21;

/**
 * Holds a request that `node:http` read to the policies of this package: limits, target, Host, singletons,
 * framing, expectation, underscore names and forwarding. What that parser decides by itself (line ends,
 * folding, spaces before colons, chunks, trailers, methods) is not known here.
 * @param anyExpectation whether an expectation other than `100-continue` passes
 * @throws {RequestError} when our own parser would have refused it too
 */
export function judgeRawRequest(
  request: RawRequest,
  connection: ConnectionInfo,
  rules: HttpRules,
  anyExpectation = false,
): RawVerdict {
  const { method = '', url = '', httpVersionMajor, httpVersionMinor, rawHeaders } = request;
  if (method.length + url.length + REST_OF_LINE > rules.lineLimit) {
    throw new RequestError('request-line-too-long');
  }
  if (httpVersionMajor !== 1 && !rules.policy.permitUnconventionalHttpVersion) {
    throw new RequestError('http-version-unsupported');
  }
  checkTarget(method, url);
  const isModern = httpVersionMajor > 1 || (httpVersionMajor === 1 && httpVersionMinor >= 1);
  const seen = walk(rawHeaders, rules) & (anyExpectation ? ~EXPECT : ~0);
  if (isModern && (seen & HOST) === 0) throw new RequestError('missing-host');
  if ((seen & ~SINGLETONS) === 0 && (seen & CONTENT_LENGTH) === 0) {
    return connection.secure ? PLAIN_SECURE : PLAIN;
  }
  return judgeClosely(rawHeaders, isModern ? seen | MODERN : seen, connection, rules);
}

/** Sizes, singletons and Host; gives the bits of what wants a closer look. */
function walk(raw: readonly string[], rules: HttpRules): number {
  if (raw.length / 2 > rules.fieldLimit) throw new RequestError('too-many-fields');
  const { fieldSizeLimit, knownFields } = rules;
  let seen = 0;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!;
    const value = raw[i + 1]!;
    // White space around the value is gone, so this is the least that the line can have been.
    if (name.length + value.length + REST_OF_FIELD > fieldSizeLimit) throw new RequestError('field-too-long');
    const bit = knownFields.bitOfText(name);
    if (bit === 0) {
      if (name.includes('_')) seen |= UNDERSCORE;
      continue;
    }
    if ((seen & bit & SINGLETONS) !== 0) throw new RequestError('duplicate-field');
    if (bit === HOST && !isKnownHost(value)) throw new RequestError('host');
    seen |= bit;
  }
  return seen & INTERESTING;
}

const INTERESTING: number = SINGLETONS | TRANSFER_ENCODING | EXPECT | FORWARDED | SECURE_SCHEME | UNDERSCORE;

let lastHost = '';

/** Clients of a server name few hosts, and most of them the same one again and again. */
function isKnownHost(value: string): boolean {
  if (value === lastHost) return true;
  if (!isHost(value)) return false;
  lastHost = value;
  return true;
}

function judgeClosely(
  raw: readonly string[],
  seen: number,
  connection: ConnectionInfo,
  rules: HttpRules,
): RawVerdict {
  const version = (seen & MODERN) === 0 ? 10 : 11;
  const underscored = (seen & UNDERSCORE) !== 0;
  const kept = underscored ? dropUnderscoreNames(raw, connection.address, rules) : raw;
  const fields = new RawHeaders(kept);
  if (version >= 11 && (seen & EXPECT) !== 0) checkExpectation(fields.all('expect'));
  const scheme = connection.secure ? 'https' : 'http';
  const says = (seen & (SECURE_SCHEME | FORWARDED)) !== 0;
  const forwarding =
    says && rules.trustsForwarder(connection.address)
      ? readForwarding(fields, scheme, rules)
      : ({ scheme, forwarded: undefined } as const);
  return {
    ...forwarding,
    framing: decideFraming(fields, seen, version, rules.bodyLimit),
    keptHeaders: kept === raw ? undefined : kept,
  };
}
