import { isIP } from 'node:net';
import { COLON, HEX, PLAIN_NAME, REGISTERED_NAME, consistsOf } from './octets.ts';

/** `host[:port]`, taken apart. */
export interface Authority {
  /** As sent, IPv6 in brackets; may be empty. */
  readonly host: string;
  /** `undefined` when there is none, or nothing behind the colon. */
  readonly port: number | undefined;
}

/**
 * Takes `uri-host [":" port]` apart (RFC 9110 §7.2). `undefined` when it is none: a Host with a slash, a
 * space or an `@` is read differently by different servers.
 */
export function parseAuthority(text: string): Authority | undefined {
  const bracket = text.startsWith('[') ? text.indexOf(']') : -1;
  const colon = text.indexOf(':', bracket + 1);
  const host = colon === -1 ? text : text.slice(0, colon);
  if (!isUriHost(host)) return undefined;
  if (colon === -1 || colon === text.length - 1) return { host, port: undefined };
  const digits = text.slice(colon + 1);
  if (!/^[0-9]{1,5}$/.test(digits) || Number(digits) > 65_535) return undefined;
  return { host, port: Number(digits) };
}

/** Whether a Host header's value is one. Empty is legal: a client with an empty authority sends it so. */
export function isHost(text: string): boolean {
  return parseAuthority(text) !== undefined;
}

/**
 * Whether a Host header's value is plainly a name or IPv4 address, with or without a port: nearly every one is, and so
 * needs no closer look.
 */
export function isPlainHost(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && PLAIN_NAME[bytes[at]!] !== 0) at++;
  if (at === end) return true;
  if (bytes[at] !== COLON || end - at > 6) return false;
  let port = 0;
  for (at++; at < end; at++) {
    const digit = HEX[bytes[at]!]!;
    if (digit > 9) return false;
    port = port * 10 + digit;
  }
  return port <= 65_535;
}

function isUriHost(host: string): boolean {
  if (host.startsWith('[')) return isIpLiteral(host);
  return consistsOf(host, REGISTERED_NAME) && !/%(?![0-9A-Fa-f]{2})/.test(host);
}

/** `IP-literal` of RFC 3986 §3.2.2. A zone (`%eth0`) means something to the sender only, and is refused. */
function isIpLiteral(host: string): boolean {
  if (!host.endsWith(']')) return false;
  const inner = host.slice(1, -1);
  return (
    (isIP(inner) === 6 && !inner.includes('%')) ||
    /^v[0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+$/i.test(inner)
  );
}
