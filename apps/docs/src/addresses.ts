import { posix } from 'node:path';

/**
 * Where a file of the repository stands on the site: `docs/settings.md` at `/settings`, the README of a folder at the
 * folder's own path. `undefined` for what is no page.
 */
export function addressOf(source: string): string | undefined {
  if (!source.endsWith('.md')) return undefined;
  if (source === 'README.md') return '/readme';
  if (source.startsWith('docs/')) return `/${source.slice('docs/'.length, -'.md'.length)}`;
  if (posix.basename(source) === 'README.md') return `/${posix.dirname(source)}`;
  return source.includes('/') ? undefined : `/${source.slice(0, -'.md'.length).toLowerCase()}`;
}

/** What a link can lead to. */
export interface Destinations {
  /** Addresses of the site by the files they are made of. */
  readonly pages: ReadonlyMap<string, string>;
  /** Where people read the sources, when that is known: `https://…/tree/main`. */
  readonly sources: string | undefined;
}

/**
 * The target of a link in a page, as the site has it.
 * @param target as written: `../examples/hello`, `http.md#bodies`, `https://…`
 * @param from the page's path in the repository
 * @returns `undefined` when there is nowhere to lead: the words stay, the link goes
 */
export function targetOnSite(
  target: string,
  from: string,
  { pages, sources }: Destinations,
): string | undefined {
  if (/^(?:[a-z]+:|#)/.test(target)) return target;
  const [file = '', anchor] = target.split('#');
  const path = posix.normalize(posix.join(posix.dirname(from), decodeURI(file))).replace(/\/$/, '');
  const address = pages.get(path) ?? pages.get(`${path}/README.md`);
  if (address !== undefined) return anchor === undefined ? address : `${address}#${anchor}`;
  return sources === undefined ? undefined : `${sources}/${path}`;
}
