/** A block of code in a page. */
export interface Snippet {
  readonly page: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  /** `sh`, `ts`, `python`; empty for what is no code. */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a page. */
export function snippetsOf(page: string, markdown: string): readonly Snippet[] {
  return [...markdown.matchAll(/^```(?<language>\w*)\n(?<text>[\s\S]*?)^```/gm)].map(({ groups, index }) => ({
    page,
    line: markdown.slice(0, index).split('\n').length + 1,
    language: groups?.['language'] ?? '',
    text: groups?.['text'] ?? '',
  }));
}

/** Commands in the running text, and in tables: `` `gunicorn --workers 4 app.ts` ``. */
export function inlineCommands(page: string, markdown: string): readonly Snippet[] {
  const bare = markdown.replaceAll(/^```[\s\S]*?^```/gm, (block) => block.replaceAll(/[^\n]/g, ' '));
  return [...bare.matchAll(/`(?<text>(?:npx |\S*\/)?gunicorn(?:-ts)? [^`\n\\]+)`/g)].map(
    ({ groups, index }) => ({
      page,
      line: bare.slice(0, index).split('\n').length,
      language: 'sh',
      text: groups?.['text'] ?? '',
    }),
  );
}

/** A file that a snippet shows. */
export interface ShownFile {
  readonly name: string;
  /** Of its first line in the page, from 1. */
  readonly line: number;
  readonly text: string;
}

/** The files in a block that begins with the comment `// app.ts`, or has several of them; one without a name is the block. */
export function filesOf({ line, language, text }: Snippet): readonly ShownFile[] {
  const files: { name: string; line: number; lines: string[] }[] = [];
  text.split('\n').forEach((code, index) => {
    const [, name] = /^\/\/ (\S+\.[cm]?[jt]s)$/.exec(code) ?? [];
    if (name !== undefined)
      files.push({ name: name.replace(/^.*\//, ''), line: line + index + 1, lines: [] });
    else if (files.length > 0) files.at(-1)!.lines.push(code);
    else files.push({ name: `snippet.${language}`, line, lines: [code] });
  });
  return files.map(({ lines, ...file }) => ({ ...file, text: lines.join('\n') }));
}
