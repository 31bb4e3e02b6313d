import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lineAt, type Finding } from '../finding.ts';
import { committedFiles, read, ROOT } from '../workspace.ts';

const LINK = /(?<!!)\[[^\]]*\]\((?<target>[^)\s]+)\)/g;

/** Text with its code taken out and its lines kept. */
function withoutCode(markdown: string): string {
  const blank = (code: string): string => code.replaceAll(/[^\n]/g, ' ');
  return markdown.replaceAll(/^```[\s\S]*?^```/gm, blank).replaceAll(/`[^`\n]+`/g, blank);
}

/** The name by which a heading can be linked to, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ +(?<heading>.+)$/gm)].map(({ groups }) =>
    anchorOf((groups?.['heading'] ?? '').trim()),
  );
}

function isBroken(target: string, from: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : join(dirname(from), decodeURI(file));
  if (!existsSync(join(ROOT, path))) return true;
  return anchor !== undefined && path.endsWith('.md') && !anchorsOf(read(path)).includes(anchor);
}

/** Links between pages of the repository lead somewhere, headings included. */
export function checkLinks(): readonly Finding[] {
  return committedFiles()
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => {
      const text = withoutCode(read(path));
      return [...text.matchAll(LINK)].flatMap(({ groups, index }) => {
        const target = groups?.['target'] ?? '';
        if (/^[a-z]+:/.test(target) || !isBroken(target, path)) return [];
        const where = `${path}:${lineAt(text, index)}`;
        return [
          { where, what: `the link to '${target}' leads nowhere`, cure: 'correct it, or write the page' },
        ];
      });
    });
}
