import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addressOf, type Destinations } from './addresses.ts';
import { summaryOf, toSite } from './markdown.ts';
import { GROUPS } from './navigation.ts';

/** The repository's root folder. */
export const ROOT: string = join(import.meta.dirname, '../../..');

/** Where the pages are put together before VitePress takes them: inside the package, where they find Vue. */
export const SOURCE: string = join(import.meta.dirname, '../.site');

/** The first page, of which only the site has a use. */
const HOME = 'apps/docs/src/home.md';

/** Files of the repository that are pages: those of docs/, and every folder's README that users look at. */
export function pageSources(): readonly string[] {
  return globSync(['*.md', 'docs/*.md', '{packages,examples}/*/README.md'], { cwd: ROOT }).sort();
}

/** Puts the pages together in an empty folder, every link turned to where it leads on the site. */
export function assemble(): void {
  rmSync(SOURCE, { recursive: true, force: true });
  const sources = pageSources();
  const pages = new Map(sources.map((source) => [source, addressOf(source)!]));
  for (const folder of ['packages', 'examples']) pages.set(folder, `/${folder}`);
  const destinations: Destinations = { pages, sources: addressOfSources() };
  for (const source of sources) put(pages.get(source)!, toSite(read(source), source, destinations));
  for (const [folder, title] of [
    ['packages', 'Packages'],
    ['examples', 'Examples'],
  ] as const)
    put(`/${folder}`, listOf(folder, title, sources));
  put('/index', toSite(read(HOME), HOME, destinations));
  for (const pictures of globSync('docs/**/*.{svg,png}', { cwd: ROOT }))
    copy(pictures, join(SOURCE, pictures.slice('docs/'.length)), join(SOURCE, pictures));
}

function copy(from: string, ...to: readonly string[]): void {
  for (const path of to) {
    mkdirSync(dirname(path), { recursive: true });
    cpSync(join(ROOT, from), path);
  }
}

function put(address: string, text: string): void {
  const path = join(SOURCE, `${address}.md`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function listOf(folder: string, title: string, sources: readonly string[]): string {
  const lines = sources
    .filter((source) => source.startsWith(`${folder}/`))
    .map((source) => {
      const summary = summaryOf(read(source));
      return `- [${summary.title}](${addressOf(source)}): ${summary.sentence}`;
    });
  return `# ${title}\n\n${lines.join('\n')}\n`;
}

/** Where people read the sources, by the root's manifest. */
function addressOfSources(): string | undefined {
  const { repository } = JSON.parse(read('package.json')) as { repository?: { url?: string } };
  const url = repository?.url?.replace(/^git\+/, '').replace(/\.git$/, '');
  return url === undefined ? undefined : `${url}/tree/main`;
}

/** The side bar, in VitePress's words. */
export function sideBar(): { text: string; items: { text: string; link: string }[] }[] {
  const groups = GROUPS.map(({ text, entries }) => ({
    text,
    items: entries.map((entry) => ({ text: entry.text, link: addressOf(entry.source)! })),
  }));
  const more = [
    { text: 'Examples', link: '/examples' },
    { text: 'Packages', link: '/packages' },
  ];
  return [...groups, { text: 'More', items: more }];
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
