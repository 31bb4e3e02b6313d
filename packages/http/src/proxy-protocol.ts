import { unmapped } from './address-set.ts';
import type { HttpPolicy } from './http-policy.ts';
import type { ProxyEndpoint, ProxyReading } from './proxy-header.ts';
import { readProxyV1 } from './proxy-v1.ts';
import { readProxyV2 } from './proxy-v2.ts';

const SIGNATURE_V1 = Buffer.from('PROXY ', 'latin1');
const SIGNATURE_V2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');

/** Version of a PROXY protocol header; `absent` when there is none, `more` while that is open. */
export type ProxySignature = 1 | 2 | 'absent' | 'more';

/**
 * Whether a connection begins with a PROXY protocol header. The header is optional, as in Gunicorn: a
 * balancer's health checks often come without one.
 * @param bytes all that has arrived on the connection
 */
export function detectProxySignature(bytes: Uint8Array, mode: HttpPolicy['proxyProtocol']): ProxySignature {
  const v1 = mode === 'v1' || mode === 'auto' ? startsWith(bytes, SIGNATURE_V1) : 'absent';
  if (v1 === 'present') return 1;
  const v2 = mode === 'v2' || mode === 'auto' ? startsWith(bytes, SIGNATURE_V2) : 'absent';
  if (v2 === 'present') return 2;
  return v1 === 'more' || v2 === 'more' ? 'more' : 'absent';
}

/**
 * Reads the header that {@link detectProxySignature} found; `undefined` while it is not complete. It is
 * at most 107 bytes (v1) or 65551 (v2).
 * @param bytes all that has arrived on the connection
 * @throws {RequestError} `proxy-line`, `proxy-header`
 */
export function readProxyHeader(bytes: Buffer, version: 1 | 2): ProxyReading | undefined {
  const reading = version === 1 ? readProxyV1(bytes) : readProxyV2(bytes);
  if (reading === undefined) return undefined;
  const { header, length } = reading;
  const [source, destination] = [plainEndpoint(header.source), plainEndpoint(header.destination)];
  return { header: { ...header, source, destination }, length };
}

/** A balancer that listens for both families at once calls its IPv4 clients `::ffff:10.0.0.1`. */
function plainEndpoint(endpoint: ProxyEndpoint | undefined): ProxyEndpoint | undefined {
  return endpoint === undefined ? undefined : { ...endpoint, address: unmapped(endpoint.address) };
}

function startsWith(bytes: Uint8Array, signature: Uint8Array): 'present' | 'absent' | 'more' {
  const known = Math.min(bytes.length, signature.length);
  for (let i = 0; i < known; i++) if (bytes[i] !== signature[i]) return 'absent';
  return known === signature.length ? 'present' : 'more';
}
