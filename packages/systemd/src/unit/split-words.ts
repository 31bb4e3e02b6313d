import { cannotCarry } from '../errors.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  s: ' ',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** Numeric escapes and their base; bytes above 127 alone are no UTF-8. */
const NUMERIC: readonly (readonly [pattern: RegExp, base: number])[] = [
  [/^x([0-7][0-9a-fA-F])/, 16],
  [/^u([0-9a-fA-F]{4})/, 16],
  [/^U([0-9a-fA-F]{8})/, 16],
  [/^([01][0-7]{2})/, 8],
];

/**
 * Splits a value into words by systemd's rules: blanks separate, single and double quotes keep blanks, and the
 * escapes of C are understood everywhere. `%` and `$` stay as they are written.
 * @throws OperatorError for an open quote or an unknown escape, which systemd refuses too.
 */
export function splitUnitWords(value: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < value.length;) {
    const char = value.charAt(at);
    if (char === '\\') {
      const { text, length } = unescape(value, at + 1);
      word = (word ?? '') + text;
      at += 1 + length;
      continue;
    }
    at += 1;
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/[ \t\n\r]/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== undefined) throw cannotCarry('A unit', value, `the ${quote} is never closed`);
  return word === undefined ? words : [...words, word];
}

function unescape(value: string, at: number): { text: string; length: number } {
  const simple = ESCAPES[value.charAt(at)];
  if (simple !== undefined) return { text: simple, length: 1 };
  const rest = value.slice(at, at + 9);
  for (const [pattern, base] of NUMERIC) {
    const match = pattern.exec(rest);
    if (match?.[1] !== undefined)
      return { text: String.fromCodePoint(Number.parseInt(match[1], base)), length: match[0].length };
  }
  throw cannotCarry('A unit', value, `it does not know the escape \\${value.charAt(at)}`);
}
