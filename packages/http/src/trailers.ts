import { RequestError } from './errors.ts';
import type { HeaderFields } from './header-fields.ts';

/**
 * Names that mean nothing good behind a body (RFC 9110 §6.5.1): framing, routing, authentication, and what
 * says how the request or its content is to be read.
 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'max-forwards',
  'proxy-authorization',
  'proxy-connection',
  'range',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a field of this name, in any spelling, may stand behind a body. */
export function mayTrail(name: string): boolean {
  return !FORBIDDEN.has(name.toLowerCase());
}

/** @throws {RequestError} `trailer-name` */
export function checkTrailers(trailers: HeaderFields): void {
  for (let i = 0; i < trailers.count; i++) {
    if (!mayTrail(trailers.name(i))) throw new RequestError('trailer-name');
  }
}
