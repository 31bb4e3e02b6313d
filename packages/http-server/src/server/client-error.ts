import type { RefusalCode, RequestError } from '@gunicorn-ts/http';

/** What `clientError` is given: an error with a code of Node's parser, which is what its listeners look at. */
export interface ClientError extends Error {
  code: string;
  /** Why, in words. */
  reason?: string;
  /** Of this package's parser. */
  refusal?: RefusalCode;
  /** What has come of the request, where it is the bytes that are refused. */
  rawPacket?: Buffer;
  /** How many of them were in order. */
  bytesParsed?: number;
}

const CODES: Readonly<Partial<Record<RefusalCode, string>>> = {
  'request-line': 'HPE_INVALID_METHOD',
  method: 'HPE_INVALID_METHOD',
  target: 'HPE_INVALID_URL',
  'http-version': 'HPE_INVALID_VERSION',
  'http-version-unsupported': 'HPE_INVALID_VERSION',
  'request-line-too-long': 'HPE_HEADER_OVERFLOW',
  'head-too-long': 'HPE_HEADER_OVERFLOW',
  'field-too-long': 'HPE_HEADER_OVERFLOW',
  'too-many-fields': 'HPE_HEADER_OVERFLOW',
  'line-end': 'HPE_CR_EXPECTED',
  'duplicate-field': 'HPE_UNEXPECTED_CONTENT_LENGTH',
  'content-length': 'HPE_INVALID_CONTENT_LENGTH',
  'transfer-encoding': 'HPE_INVALID_TRANSFER_ENCODING',
  'transfer-coding-unsupported': 'HPE_INVALID_TRANSFER_ENCODING',
  'ambiguous-length': 'HPE_INVALID_TRANSFER_ENCODING',
  'chunk-size': 'HPE_INVALID_CHUNK_SIZE',
  'chunk-extension': 'HPE_INVALID_CHUNK_SIZE',
  'chunk-line-too-long': 'HPE_CHUNK_EXTENSIONS_OVERFLOW',
  'chunk-end': 'HPE_STRICT',
  incomplete: 'HPE_INVALID_EOF_STATE',
};

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

export function clientErrorOf({ code, message, packet }: RequestError): ClientError {
  const nodeCode = CODES[code] ?? 'HPE_INVALID_HEADER_TOKEN';
  const ofPacket = packet && { rawPacket: packet.bytes, bytesParsed: packet.parsed };
  // Of a client that ends too early Node says no more, and listeners compare it.
  const text = code === 'incomplete' ? 'Parse Error' : `Parse Error: ${message}`;
  return Object.assign(new Error(text), {
    code: nodeCode,
    reason: message,
    refusal: code,
    ...ofPacket,
  });
}

/** A request has not arrived in time. */
export function timeoutError(): ClientError {
  return Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
}

/** The status that a client error is answered with when nobody listens for it. As Node's own. */
export function statusOfClientError({ code }: ClientError): number {
  return STATUS_OF_CODE[code] ?? 400;
}
