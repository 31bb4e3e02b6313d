/** Path and query of a request target, still percent-encoded and without fragment. */
export interface SplitTarget {
  readonly path: string;
  readonly query: string;
}

const ABSOLUTE_FORM = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;

/** Splits origin-form, absolute-form, `*` and authority-form alike (RFC 9112, section 3.2). */
export function splitTarget(target: string): SplitTarget {
  if (isBare(target)) return { path: target, query: '' };
  const relative = target.startsWith('/') ? target : target.replace(ABSOLUTE_FORM, '');
  const hash = relative.indexOf('#');
  const withoutFragment = hash === -1 ? relative : relative.slice(0, hash);
  const mark = withoutFragment.indexOf('?');
  if (mark === -1) return { path: withoutFragment, query: '' };
  return { path: withoutFragment.slice(0, mark), query: withoutFragment.slice(mark + 1) };
}

const SLASH = 0x2f;
const HASH = 0x23;
const QUESTION_MARK = 0x3f;

/** Whether a target is a path, and nothing else. */
function isBare(target: string): boolean {
  if (target.charCodeAt(0) !== SLASH) return false;
  for (let index = 1; index < target.length; index++) {
    const code = target.charCodeAt(index);
    if (code === HASH || code === QUESTION_MARK) return false;
  }
  return true;
}

/** Percent-decodes to bytes, one a character (latin-1), as PEP 3333 wants `PATH_INFO`. */
export function decodePath(path: string): string {
  if (!path.includes('%')) return path;
  return path.replace(/%([\da-f]{2})/gi, (_escape, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
