/** Clients send few different names, but may send any: what is remembered has a limit. */
const REMEMBERED = 512;
const LONGEST_REMEMBERED = 64;

const known = new Map<string, string | undefined>();

/**
 * The environ's key for a request header: `HTTP_NAME`, or `CONTENT_TYPE` and `CONTENT_LENGTH`. `undefined`
 * for a name with an underscore, which could pass for the same name with a hyphen.
 */
export function headerKey(name: string): string | undefined {
  if (known.has(name)) return known.get(name);
  const key = toKey(name);
  if (known.size < REMEMBERED && name.length <= LONGEST_REMEMBERED) known.set(name, key);
  return key;
}

function toKey(name: string): string | undefined {
  if (name.includes('_')) return undefined;
  const upper = name.toUpperCase().replaceAll('-', '_');
  return upper === 'CONTENT_TYPE' || upper === 'CONTENT_LENGTH' ? upper : `HTTP_${upper}`;
}
