/**
 * Why a request is refused: the status it is answered with, and a sentence for the log and the client.
 * The sentences are fixed: nothing that the client sent is ever echoed.
 */
export const REFUSALS = {
  'request-line': [400, 'the request line is not "METHOD TARGET HTTP/1.x"'],
  'line-end': [400, 'a line does not end in CR LF'],
  method: [400, 'the request method is not one'],
  target: [400, 'the request target is not valid'],
  'http-version': [400, 'the HTTP version is not valid'],
  'http-version-unsupported': [505, 'this HTTP version is not served'],
  'request-line-too-long': [414, 'the request line is too long'],
  'field-name': [400, 'a header name is not a token'],
  'field-value': [400, 'a header value holds a character that it may not'],
  'field-too-long': [431, 'a header line is too long'],
  'head-too-long': [431, 'the request head is too long'],
  'too-many-fields': [431, 'there are too many header lines'],
  'obsolete-folding': [400, 'a header value is folded over several lines'],
  'underscore-name': [400, 'a header name holds an underscore'],
  'duplicate-field': [400, 'a header that may occur once occurs twice'],
  'missing-host': [400, 'an HTTP/1.1 request has no Host header'],
  host: [400, 'the Host header is not a host and port'],
  'content-length': [400, 'the Content-Length header is not a number'],
  'transfer-encoding': [400, 'the Transfer-Encoding header does not say where the body ends'],
  'transfer-coding-unsupported': [501, 'the transfer coding is not known'],
  'ambiguous-length': [400, 'both Content-Length and Transfer-Encoding are given'],
  'content-too-large': [413, 'the request body is too large'],
  expectation: [417, 'the expectation is not 100-continue'],
  'contradictory-scheme': [400, 'the headers of the proxy disagree on the scheme'],
  forwarded: [400, 'the Forwarded header is malformed'],
  'chunk-size': [400, 'a chunk size is not a hexadecimal number'],
  'chunk-extension': [400, 'a chunk extension is malformed'],
  'chunk-line-too-long': [400, 'a chunk line, or all chunk lines together, are too long'],
  'chunk-end': [400, 'a chunk does not end in CR LF'],
  'trailer-name': [400, 'a trailer has a name that only a header may have'],
  'proxy-line': [400, 'the PROXY protocol line is malformed'],
  'proxy-header': [400, 'the PROXY protocol header is malformed'],
  'proxy-forbidden': [403, 'this peer may not send a PROXY protocol header'],
  incomplete: [400, 'the connection ended in the middle of a request'],
} as const;

/** Stable name of a refusal, for counters and tests. */
export type RefusalCode = keyof typeof REFUSALS;

/** Bytes of a request that was refused. */
export interface RefusedPacket {
  readonly bytes: Buffer;
  /** How many of them were read as whole lines. */
  readonly parsed: number;
}

/** A request that is refused. Thrown by the pure functions, returned as an event by the parser. */
export class RequestError extends Error {
  readonly code: RefusalCode;
  /** Status to answer with. After it the connection must be closed: where the next request begins is not known. */
  readonly status: number;
  /** What the parser held of the request: what was refused is in it. Only where the rules say that it is kept. */
  packet: RefusedPacket | undefined;

  constructor(code: RefusalCode) {
    const [status, sentence]: readonly [number, string] = REFUSALS[code];
    super(sentence);
    this.name = 'RequestError';
    this.code = code;
    this.status = status;
  }
}

/** What an application can do wrong in a response head. The sentence is for the log; the client gets a bare 500. */
export const RESPONSE_FAULTS = {
  ERR_RESPONSE_STATUS: 'the application gave a status that is not one',
  ERR_RESPONSE_INFORMATIONAL: 'the application gave an informational status as its final one',
  ERR_RESPONSE_HEADER_NAME: 'the application gave a response header whose name is not a token',
  ERR_RESPONSE_HEADER_VALUE: 'the application gave a response header whose value holds a forbidden character',
  ERR_RESPONSE_CONTENT_LENGTH: 'the application gave a Content-Length that is not one number',
  ERR_RESPONSE_TRAILER: 'the application gave a trailer of a name that only a header may have',
} as const;

/** Stable code of a {@link ResponseError}. */
export type ResponseFaultCode = keyof typeof RESPONSE_FAULTS;

/** The application's response head cannot be sent. The request is answered with a 500 that echoes nothing. */
export class ResponseError extends Error {
  readonly code: ResponseFaultCode;
  readonly status = 500;

  /** @param found what was found, for the log; quoted as JSON, so that it stays on one line */
  constructor(code: ResponseFaultCode, found: unknown) {
    super(`${RESPONSE_FAULTS[code]}: ${quote(found)}`);
    this.name = 'ResponseError';
    this.code = code;
  }
}

function quote(found: unknown): string {
  const text = JSON.stringify(String(found));
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** A policy that cannot be followed: an address list holds what is no address. Raised when rules are made. */
export class PolicyError extends Error {
  readonly code = 'ERR_HTTP_POLICY';

  constructor(message: string) {
    super(message);
    this.name = 'PolicyError';
  }
}
