/**
 * Splits a text into words as a POSIX shell does: blanks separate, single quotes keep everything, double
 * quotes keep all but `\` before `"`, `\`, `$` and a backquote, and `\` keeps the next character. Nothing
 * is expanded. Throws a `SyntaxError` for a quote that is never closed. (Python's `shlex.split`, which
 * Gunicorn reads `GUNICORN_CMD_ARGS` with.)
 */
export function splitShellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length;) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
      continue;
    }
    const piece = readPiece(text, at);
    word = (word ?? '') + piece.value;
    at = piece.end;
  }
  if (word !== undefined) words.push(word);
  return words;
}

function readPiece(text: string, start: number): { value: string; end: number } {
  const char = text.charAt(start);
  if (char === "'") {
    const close = text.indexOf("'", start + 1);
    if (close === -1) throw new SyntaxError(`has a ' that is never closed`);
    return { value: text.slice(start + 1, close), end: close + 1 };
  }
  if (char === '"') return readDoubleQuoted(text, start);
  if (char !== '\\') return { value: char, end: start + 1 };
  if (start + 1 === text.length) throw new SyntaxError('ends with a \\ that has nothing to keep');
  return { value: text.charAt(start + 1), end: start + 2 };
}

function readDoubleQuoted(text: string, start: number): { value: string; end: number } {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { value, end: at + 1 };
    if (char === '\\' && /["\\$`]/.test(text.charAt(at + 1))) at += 1;
    value += text.charAt(at);
  }
  throw new SyntaxError(`has a " that is never closed`);
}
