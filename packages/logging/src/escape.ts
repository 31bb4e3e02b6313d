// Each names the characters that may stay, so that one native search finds the rare line with others. C1 is
// left out of them as well as C0 and DEL: 0x9b alone begins a terminal sequence, as ESC [ does. So are U+2028 and
// U+2029, which many readers of logs take for line ends, and what turns the direction of writing.
const CONTROL_BUT_LAYOUT = /[^\t\n -~\u00a0-\u2027\u202f-\u2065\u206a-\uffff]/;
const CONTROL_OR_QUOTE = /[^ !#-[\]-~\u00a0-\u2027\u202f-\u2065\u206a-\uffff]/;

function escapeWhere(text: string, needsEscape: RegExp): string {
  return text.replace(new RegExp(needsEscape, 'g'), (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });
}

/**
 * Control characters (C0, DEL, C1) as `\xHH`, for a whole message of the error log: text of a client in it can
 * then not drive the reader's terminal. New lines and tabs stay.
 */
export function escapeMessage(text: string): string {
  return CONTROL_BUT_LAYOUT.test(text) ? escapeWhere(text, CONTROL_BUT_LAYOUT) : text;
}

/**
 * The further lines of a message set in by two spaces, unless they all are already: a line that begins an entry
 * begins at the margin, so that text of a client cannot look like one. All by the same, or a traceback would lose
 * its shape.
 */
export function markContinuedLines(text: string): string {
  return /\n[^ \t\n]/.test(text) ? text.replace(/\n(?!\n|$)/g, '\n  ') : text;
}

/**
 * Control characters, new lines too, as `\xHH`, and a backslash before `"` and `\`, as in Apache's log. Without
 * the latter a value that ends in a backslash would hide the quote that ends its field.
 */
export function escapeField(text: string): string {
  return CONTROL_OR_QUOTE.test(text) ? escapeWhere(text, CONTROL_OR_QUOTE) : text;
}

/** JSON leaves DEL, C1 and the line ends of Unicode as they are; here they become `\uHHHH`, which means the same. */
export function escapeJsonLine(json: string): string {
  // Text of one byte a character is ASCII, which has no C1: two native searches instead of a slow one.
  if (Buffer.byteLength(json) === json.length && !json.includes('\x7f')) return json;
  return json.replace(
    /[\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
