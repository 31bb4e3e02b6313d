import { type Authority, parseAuthority } from './authority.ts';
import { RequestError } from './errors.ts';

/** A request target, taken apart (RFC 9112 §3.2). Nothing is decoded. */
export interface RequestTarget {
  readonly form: 'origin' | 'absolute' | 'authority' | 'asterisk';
  /** Path as sent, without query and fragment; empty for the authority form, `*` for the asterisk form. */
  readonly path: string;
  /** What stands behind the first `?`; empty when there is none. */
  readonly query: string;
  /** What stands behind the first `#`. No client should send one; it is kept out of path and query. */
  readonly fragment: string;
  /** Of the absolute and the authority form. By RFC 9112 §3.2.2 it then stands in for the Host header. */
  readonly authority?: Authority;
}

/**
 * Refuses a target that does not fit its method: `*` is for OPTIONS, `host:port` for CONNECT, and anything
 * else is a path or an absolute URI.
 * @param target as sent; its characters were checked already
 * @throws {RequestError} `target`
 */
export function checkTarget(method: string, target: string): void {
  if (method !== 'CONNECT' && target.startsWith('/')) return;
  if (method === 'OPTIONS' && target === '*') return;
  if (readAuthority(method, target) === undefined) throw new RequestError('target');
}

/**
 * Takes a target apart. Call it with what {@link checkTarget} let pass.
 * @throws {RequestError} `target` when it does not fit its method
 */
export function parseTarget(method: string, target: string): RequestTarget {
  checkTarget(method, target);
  if (method === 'CONNECT') {
    const authority = readAuthority(method, target)!;
    return { form: 'authority', path: '', query: '', fragment: '', authority };
  }
  if (target === '*') return { form: 'asterisk', path: '*', query: '', fragment: '' };
  if (target.startsWith('/')) return { form: 'origin', ...splitPath(target) };
  const authority = readAuthority(method, target)!;
  const rest = target.slice(endOfAuthority(target));
  const parts = splitPath(rest);
  // RFC 9110 §4.2.3: an empty path is `/`.
  return { form: 'absolute', ...parts, path: parts.path === '' ? '/' : parts.path, authority };
}

function splitPath(text: string): { path: string; query: string; fragment: string } {
  const hash = text.indexOf('#');
  const whole = hash === -1 ? text : text.slice(0, hash);
  const mark = whole.indexOf('?');
  return {
    path: mark === -1 ? whole : whole.slice(0, mark),
    query: mark === -1 ? '' : whole.slice(mark + 1),
    fragment: hash === -1 ? '' : text.slice(hash + 1),
  };
}

function readAuthority(method: string, target: string): Authority | undefined {
  if (method === 'CONNECT') {
    const authority = parseAuthority(target);
    return authority?.host !== '' && authority?.port !== undefined ? authority : undefined;
  }
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(target)?.[0];
  if (scheme === undefined) return undefined;
  const whole = target.slice(scheme.length, endOfAuthority(target));
  // User information is deprecated, but legal in what a client of a proxy may send; it is not used.
  const authority = parseAuthority(whole.slice(whole.lastIndexOf('@') + 1));
  return authority?.host === '' ? undefined : authority;
}

function endOfAuthority(target: string): number {
  const from = target.indexOf('://') + 3;
  const length = target.slice(from).search(/[/?#]/);
  return length === -1 ? target.length : from + length;
}
