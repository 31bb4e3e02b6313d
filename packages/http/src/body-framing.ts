import { RequestError } from './errors.ts';
import type { HeaderFields } from './header-fields.ts';
import { isDigits, trimOws } from './octets.ts';
import { CONTENT_LENGTH, TRANSFER_ENCODING } from './known-field.ts';

/** How the end of a request body is found. */
export interface BodyFraming {
  readonly kind: 'none' | 'length' | 'chunked';
  /** Bytes of the body; `undefined` when it is chunked. */
  readonly length: number | undefined;
  /**
   * Codings before `chunked` (`gzip`). The body is handed over as it came, still encoded, and the
   * connection is closed after the response.
   */
  readonly codings: readonly string[];
}

const NO_BODY: BodyFraming = Object.freeze({ kind: 'none', length: 0, codings: [] });

const TRANSFER_CODINGS: ReadonlySet<string> = new Set([
  'gzip',
  'x-gzip',
  'deflate',
  'compress',
  'x-compress',
]);

/**
 * Decides where the body ends (RFC 9112 §6.3). What could be read in two ways is refused: two answers to
 * "where does the next request begin" are a smuggled request.
 * @param seen which of the known fields there are
 * @param version 10 for HTTP/1.0, 11 for HTTP/1.1
 * @param limit longest body in bytes
 * @throws {RequestError}
 */
export function decideFraming(
  fields: Pick<HeaderFields, 'all'>,
  seen: number,
  version: number,
  limit: number,
): BodyFraming {
  if ((seen & (CONTENT_LENGTH | TRANSFER_ENCODING)) === 0) return NO_BODY;
  if ((seen & TRANSFER_ENCODING) !== 0) {
    // RFC 9112 §6.1: an HTTP/1.0 client cannot mean it, so somebody in between forwarded what it did not read.
    if (version < 11) throw new RequestError('transfer-encoding');
    if ((seen & CONTENT_LENGTH) !== 0) throw new RequestError('ambiguous-length');
    return { kind: 'chunked', length: undefined, codings: readCodings(fields.all('transfer-encoding')) };
  }
  const length = readContentLength(fields.all('content-length'));
  if (length > limit) throw new RequestError('content-too-large');
  return length === 0 ? NO_BODY : { kind: 'length', length, codings: [] };
}

/**
 * Reads the values of Content-Length. One value of digits only: `5, 5`, `+5` and `0x5` mean different
 * things to different servers.
 * @throws {RequestError} `content-length`, `content-too-large`
 */
export function readContentLength(values: readonly string[]): number {
  const [value] = values;
  if (values.length !== 1 || value === undefined || !isDigits(value)) {
    throw new RequestError('content-length');
  }
  const length = Number(value);
  if (!Number.isSafeInteger(length)) throw new RequestError('content-too-large');
  return length;
}

/**
 * Reads the values of Transfer-Encoding, and gives the codings before `chunked`. `chunked` has to be there
 * once, and last: else the end of the body is not known (RFC 9112 §6.3).
 * @throws {RequestError} `transfer-encoding`, `transfer-coding-unsupported`
 */
export function readCodings(values: readonly string[]): readonly string[] {
  const names = values.flatMap((value) => value.split(',')).map((name) => trimOws(name).toLowerCase());
  const codings: string[] = [];
  for (const [index, name] of names.entries()) {
    if (name === '') throw new RequestError('transfer-encoding');
    if (name === 'chunked') {
      if (index !== names.length - 1) throw new RequestError('transfer-encoding');
    } else if (TRANSFER_CODINGS.has(name)) {
      codings.push(name);
    } else if (name !== 'identity') {
      throw new RequestError('transfer-coding-unsupported');
    }
  }
  if (names.at(-1) !== 'chunked') throw new RequestError('transfer-encoding');
  return codings;
}
