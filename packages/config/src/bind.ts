import { isIPv6 } from 'node:net';
import type { BindTarget } from '@gunicorn-ts/interface';
import { quote } from './value.ts';

const DEFAULT_PORT = 8000;

/**
 * Reads one entry of `bind`: `HOST`, `HOST:PORT`, `[v6]:PORT`, `:PORT` (all IPv4 interfaces),
 * `tcp://HOST:PORT`, `unix:PATH`, `unix://PATH`, `fd://N` or `fd://NAME`. Host names are lower-cased and not
 * resolved; IPv6 addresses come without brackets. Throws an `Error` whose message completes "bind …".
 */
export function parseBind(entry: string): BindTarget {
  const text = entry.trim();
  if (text === '') throw new TypeError('must not be empty; for all interfaces write "0.0.0.0:8000"');
  if (text.startsWith('unix:')) return parseUnix(text.slice('unix:'.length), entry);
  if (text.startsWith('fd://')) {
    const rest = text.slice('fd://'.length);
    if (/^\d{1,9}$/.test(rest)) return { kind: 'fd', fd: Number(rest) };
    if (!/^[A-Za-z_][\w.@-]{0,254}$/.test(rest))
      wrong(
        entry,
        'a descriptor such as "fd://3", or the name that a socket unit gives it, such as "fd://web"',
      );
    return { kind: 'fd', name: rest };
  }
  if (text.startsWith('tcp://')) return parseTcp(text.slice('tcp://'.length), entry);
  if (/^[a-z]+:\/\//i.test(text)) wrong(entry, '"HOST:PORT", "unix:PATH" or "fd://N"');
  return parseTcp(text, entry);
}

/** The normal form of an entry: two entries with the same one are the same address. */
export function formatBind(target: BindTarget): string {
  if (target.kind === 'unix') return `unix:${target.path}`;
  if (target.kind === 'fd') return `fd://${'fd' in target ? target.fd : target.name}`;
  return target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
}

function parseUnix(rest: string, entry: string): BindTarget {
  const path = rest.startsWith('//') ? rest.slice(2) : rest;
  if (path === '' || path.includes('\0')) wrong(entry, 'a path such as "unix:/run/app.sock"');
  return { kind: 'unix', path };
}

function parseTcp(address: string, entry: string): BindTarget {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(address);
  if (bracketed !== null) {
    const [, host = '', port] = bracketed;
    if (!isIPv6(host)) wrong(entry, 'an IPv6 address inside the brackets');
    return { kind: 'tcp', host: host.toLowerCase(), port: parsePort(port, entry) };
  }
  if (isIPv6(address))
    throw new TypeError(`needs brackets around an IPv6 address: write "[${address}]:${DEFAULT_PORT}"`);
  if (/^\d+$/.test(address)) {
    throw new TypeError(
      `must be "HOST:PORT", not ${quote(entry)}: for a port on all interfaces write ":${address}"`,
    );
  }
  const [host = '', port, ...more] = address.split(':');
  if (more.length > 0 || !/^[\w.-]*$/.test(host))
    wrong(entry, '"HOST:PORT", "[IPV6]:PORT", "unix:PATH" or "fd://N"');
  return { kind: 'tcp', host: host === '' ? '0.0.0.0' : host.toLowerCase(), port: parsePort(port, entry) };
}

function parsePort(port: string | undefined, entry: string): number {
  if (port === undefined) return DEFAULT_PORT;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) wrong(entry, 'an address with a port from 0 to 65535');
  return Number(port);
}

function wrong(entry: string, rule: string): never {
  throw new TypeError(`must be ${rule}, not ${quote(entry)}`);
}
