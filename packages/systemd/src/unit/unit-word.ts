import { cannotCarry } from '../errors.ts';

/** How a word is meant. */
export interface WordOptions {
  /** For `ExecStart=` and its like, where `$NAME` would be replaced by a variable. Default: false. */
  readonly command?: boolean;
  /** Leave `%i` as what systemd replaces by the name of the instance. Default: false. */
  readonly instance?: boolean;
}

/** Characters that no quoting is needed for, anywhere in a word. */
const PLAIN = /^[\w@%$+=:,./~^!()<>{}|&*?-]+$/;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * A text for an entry whose whole value counts, quotes included (`WorkingDirectory=`, `Description=`):
 * only `%` has a meaning.
 */
export function unitText(text: string, { instance = false }: WordOptions = {}): string {
  return instance ? text.replaceAll(/%(?!i)/g, '%%') : text.replaceAll('%', '%%');
}

/**
 * One word for an entry that is a list of words (`ExecStart=`, `Environment=`, `ReadWritePaths=`): quoted when it
 * must be, by systemd's rules, which are not those of a shell.
 * @throws OperatorError when it holds a zero byte.
 */
export function unitWord(text: string, options: WordOptions = {}): string {
  if (text.includes('\0')) throw cannotCarry('A unit', text, 'it holds no zero bytes');
  const escaped = unitText(options.command === true ? text.replaceAll('$', '$$$$') : text, options);
  if (PLAIN.test(escaped)) return escaped;
  return `"${escaped.replaceAll(/[\\"\p{Cc}]/gu, escapeOf)}"`;
}

/** Words separated by blanks. */
export function unitWords(words: readonly string[], options: WordOptions = {}): string {
  return words.map((word) => unitWord(word, options)).join(' ');
}

/**
 * The program of an `ExecStart=`: an absolute path, in which systemd allows neither quotes nor backslashes nor control
 * characters, and does not replace variables.
 */
export function unitProgram(path: string): string {
  const where = 'ExecStart=';
  if (!path.startsWith('/')) throw cannotCarry(where, path, 'a program is an absolute path');
  if (/["'\\\p{Cc}$]/u.test(path))
    throw cannotCarry(
      where,
      path,
      'the path of a program has no quotes, backslashes, "$" or control characters',
    );
  return unitWord(path);
}

/** By the number of the character and not of a byte (`\x`): a byte above 127 alone is no UTF-8. */
function escapeOf(character: string): string {
  return SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
