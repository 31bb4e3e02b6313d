/** Clients send few different names, but may send any: what is remembered has a limit. */
const REMEMBERED = 512;
const LONGEST_REMEMBERED = 64;

const known = new Map<string, string>();

/**
 * The environ's key for a request header: `HTTP_NAME`, or `CONTENT_TYPE` and `CONTENT_LENGTH`. Names with an
 * underscore pass for the same name with a hyphen: whoever calls has dropped those that may not be believed.
 */
export function headerKey(name: string): string {
  const found = known.get(name);
  if (found !== undefined) return found;
  const upper = name.toUpperCase().replaceAll('-', '_');
  const key = upper === 'CONTENT_TYPE' || upper === 'CONTENT_LENGTH' ? upper : `HTTP_${upper}`;
  if (known.size < REMEMBERED && name.length <= LONGEST_REMEMBERED) known.set(name, key);
  return key;
}
