/** A block of code in a page. */
export interface CodeBlock {
  /** The word behind the fence: `ts`. */
  readonly language: string;
  readonly text: string;
  /** Line of its first line, counted from 1. */
  readonly line: number;
}

/** The fenced blocks of a Markdown text that are in one of these languages. */
export function codeBlocks(markdown: string, languages: readonly string[]): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { readonly language: string; readonly line: number; readonly lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^```(?<language>\w*)\s*$/.exec(line);
    if (open === undefined) {
      if (fence !== null) open = { language: fence.groups?.['language'] ?? '', line: index + 2, lines: [] };
    } else if (fence !== null) {
      const { language, line: first, lines } = open;
      if (languages.includes(language)) blocks.push({ language, text: `${lines.join('\n')}\n`, line: first });
      open = undefined;
    } else open.lines.push(line);
  }
  return blocks;
}
