import type { AccessRecord } from '@gunicorn-ts/interface';

/** Where the path of a request target begins: after `http://host` in the absolute form of RFC 9112 §3.2.2. */
function pathStart(target: string): number {
  if (target.startsWith('/')) return 0;
  const authority = target.indexOf('://');
  if (authority < 0) return 0;
  const slash = target.indexOf('/', authority + 3);
  return slash < 0 ? target.length : slash;
}

function decode(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    // Not UTF-8, or a stray `%`: what the client sent says more than a replacement character.
    return path;
  }
}

/** The path of the request, percent-decoded when it is UTF-8; `*` and `host:port` stay as they are. */
export function requestPath(record: AccessRecord): string {
  const { target } = record;
  const start = pathStart(target);
  const query = target.indexOf('?', start);
  return decode(target.slice(start, query < 0 ? target.length : query));
}

/** What follows the first `?` of the request target, as it was sent; empty when there is none. */
export function requestQuery(record: AccessRecord): string {
  const mark = record.target.indexOf('?');
  return mark < 0 ? '' : record.target.slice(mark + 1);
}

/** The user name of a Basic `Authorization` header (RFC 7617); `undefined` when there is none. */
export function basicUser(record: AccessRecord): string | undefined {
  const header = record.requestHeader('authorization');
  if (header === undefined || header.slice(0, 6).toLowerCase() !== 'basic ') return undefined;
  const credentials = Buffer.from(header.slice(6).trim(), 'base64').toString('utf8');
  const colon = credentials.indexOf(':');
  return (colon < 0 ? credentials : credentials.slice(0, colon)) || undefined;
}
