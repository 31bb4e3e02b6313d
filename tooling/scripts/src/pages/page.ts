/** First line of every generated page. */
const NOTICE = '<!-- Made from the sources by `pnpm pages`; change them, not this page. -->';

/** A page: its title, and paragraphs or tables. */
export function page(title: string, ...blocks: readonly string[]): string {
  return `${[NOTICE, `# ${title}`, ...blocks].join('\n\n')}\n`;
}

/** A table; bars inside a cell are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text of a TSDoc comment on one line, with `{@link X}` as `X` in code. */
export function commentText(comment: string): string {
  return comment
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/\{@link ([^}]+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** A fragment as a sentence: a capital first, a full stop last. */
export function sentence(fragment: string): string {
  const capital = fragment.charAt(0).toUpperCase() + fragment.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
