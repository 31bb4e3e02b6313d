import { isHost } from './authority.ts';
import { type BodyFraming, decideFraming } from './body-framing.ts';
import { RequestError } from './errors.ts';
import { type Forwarding, readForwarding } from './forwarding.ts';
import { type ConnectionInfo, checkExpectation } from './head-verdict.ts';
import type { HttpRules } from './http-rules.ts';
import { CONTENT_LENGTH, TRANSFER_ENCODING } from './known-field.ts';
import { RawHeaders, dropUnderscoreNames } from './raw-headers.ts';
import { checkTarget } from './request-target.ts';

/** A request head that another parser read, in the shape of `node:http`'s `IncomingMessage`. */
export interface RawRequest {
  readonly method: string;
  /** `IncomingMessage#url`, as it was sent. */
  readonly target: string;
  /** 10 for HTTP/1.0, 11 for HTTP/1.1. */
  readonly version: number;
  /** Names and values by turns. */
  readonly rawHeaders: readonly string[];
}

/** What the policies make of it. */
export interface RawVerdict extends Forwarding {
  readonly framing: BodyFraming;
  /** Without the names that `headerMap` drops; the array that was given, when there are none. */
  readonly rawHeaders: readonly string[];
}

/** ` HTTP/1.1`, and the space behind the method. */
const REST_OF_LINE = 10;
/** `: ` and CR LF. */
const REST_OF_FIELD = 4;

/**
 * Holds a request that `node:http` read to the policies of this package: limits, target, Host, singletons,
 * framing, expectation, underscore names and forwarding. What that parser decides by itself (line ends,
 * folding, spaces before colons, chunks, trailers, methods) is not known here.
 * @throws {RequestError} when our own parser would have refused it too
 */
export function judgeRawRequest(
  request: RawRequest,
  connection: ConnectionInfo,
  rules: HttpRules,
): RawVerdict {
  const { method, target, version } = request;
  if (method.length + target.length + REST_OF_LINE > rules.lineLimit) {
    throw new RequestError('request-line-too-long');
  }
  if (Math.floor(version / 10) !== 1 && !rules.policy.permitUnconventionalHttpVersion) {
    throw new RequestError('http-version-unsupported');
  }
  checkTarget(method, target);
  checkSizes(request.rawHeaders, rules);
  const rawHeaders = dropUnderscoreNames(request.rawHeaders, connection.address, rules);
  const fields = new RawHeaders(rawHeaders);
  checkSingletons(fields, version);
  if (version >= 11) checkExpectation(fields.all('expect'));
  const scheme = connection.secure ? 'https' : 'http';
  const forwarding = rules.trustsForwarder(connection.address)
    ? readForwarding(fields, scheme, rules)
    : ({ scheme, forwarded: undefined } as const);
  return { ...forwarding, framing: frame(fields, version, rules), rawHeaders };
}

function checkSizes(raw: readonly string[], rules: HttpRules): void {
  if (raw.length / 2 > rules.fieldLimit) throw new RequestError('too-many-fields');
  for (let i = 0; i + 1 < raw.length; i += 2) {
    // White space around the value is gone, so this is the least that the line can have been.
    if (raw[i]!.length + raw[i + 1]!.length + REST_OF_FIELD > rules.fieldSizeLimit) {
      throw new RequestError('field-too-long');
    }
  }
}

function checkSingletons(fields: RawHeaders, version: number): void {
  const hosts = fields.all('host');
  if (hosts.length > 1 || fields.all('content-type').length > 1 || fields.all('content-length').length > 1) {
    throw new RequestError('duplicate-field');
  }
  if (hosts.length === 0 && version >= 11) throw new RequestError('missing-host');
  if (!isHost(hosts[0] ?? '')) throw new RequestError('host');
}

function frame(fields: RawHeaders, version: number, rules: HttpRules): BodyFraming {
  const seen =
    (fields.all('content-length').length > 0 ? CONTENT_LENGTH : 0) |
    (fields.all('transfer-encoding').length > 0 ? TRANSFER_ENCODING : 0);
  return decideFraming(fields, seen, version, rules.bodyLimit);
}
