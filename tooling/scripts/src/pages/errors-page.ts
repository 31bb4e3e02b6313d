import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { members, read, ROOT } from '../workspace.ts';
import { commentText, page, sentence, table } from './page.ts';

/** A stable code, and when it is used. */
export interface CataloguedError {
  readonly code: string;
  readonly meaning: string;
}

/**
 * The codes of an `errors.ts`, each with its meaning: what stands beside it as a string (`CODE: 'meaning'`), or the
 * nearest comment before it, without the code and exit code that the comment may begin with.
 */
export function errorsIn(source: string): readonly CataloguedError[] {
  const errors = new Map<string, string>();
  for (const found of source.matchAll(
    /(?<quote>'?)\b(?<code>ERR_[A-Z_]+)\k<quote>(?:: '(?<beside>[^']+)')?/g,
  )) {
    const { quote = '', code = '', beside } = found.groups ?? {};
    if (errors.has(code) || (quote === '' && beside === undefined)) continue;
    const comments = [...source.slice(0, found.index).matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*\*\//g)];
    errors.set(
      code,
      beside ??
        commentText(comments.at(-1)?.[0] ?? '').replace(
          /^(?:`?ERR_[A-Z_]+`?(?:, exit code \d+)?|Exit code \d+): /,
          '',
        ),
    );
  }
  return [...errors].map(([code, meaning]) => ({ code, meaning }));
}

export function renderErrorsPage(): string {
  const sections = members('packages').flatMap(({ folder, manifest }) => {
    const path = `${folder}/src/errors.ts`;
    if (!existsSync(join(ROOT, path))) return [];
    const errors = errorsIn(read(path));
    if (errors.length === 0) return [];
    const rows = errors.map(({ code, meaning }) => [`\`${code}\``, sentence(meaning)]);
    return [`## ${manifest.name}`, table(['code', 'when'], rows)];
  });
  return page(
    'Errors',
    'Errors carry a `code` that does not change. The message beside it says what was found, where it came from, and what to write instead.',
    ...sections,
  );
}
