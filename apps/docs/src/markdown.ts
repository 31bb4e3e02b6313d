import { type Destinations, targetOnSite } from './addresses.ts';

const CODE = /^```[\s\S]*?^```|`[^`\n]+`/gm;
const LINK = /(?<image>!?)\[(?<words>(?:[^\]`]|`[^`]*`)*)\]\((?<target>[^)\s]+)\)/g;

/** A page of the repository as a page of the site: links lead to pages of the site, code is left alone. */
export function toSite(markdown: string, from: string, destinations: Destinations): string {
  const code: string[] = [];
  // Inline code may be the words of a link, so code is put aside by marks that no page has.
  const bare = markdown.replaceAll(CODE, (found) => `\u0000${code.push(found) - 1}\u0000`);
  const linked = bare.replaceAll(LINK, (whole, image: string, words: string, target: string) => {
    if (image === '!') return whole;
    const there = targetOnSite(target, from, destinations);
    return there === undefined ? words : `[${words}](${there})`;
  });
  // oxlint-disable-next-line no-control-regex -- the marks
  return linked.replaceAll(/\u0000(\d+)\u0000/g, (_, index: string) => code[Number(index)] ?? '');
}

/** The heading of a page and the first sentence below it. */
export function summaryOf(markdown: string): { readonly title: string; readonly sentence: string } {
  const [, title = ''] = /^# (.+)$/m.exec(markdown) ?? [];
  const below = markdown.slice(markdown.indexOf(`# ${title}`) + title.length + 2).trim();
  const [paragraph = ''] = below.split('\n\n');
  const [, sentence = paragraph] = /^([\s\S]*?[.!?])(?:\s|$)/.exec(paragraph) ?? [];
  return { title, sentence: sentence.replaceAll(/\s+/g, ' ') };
}
