// Each names the characters that may stay, so that one native search finds the rare line with others. C1 is
// left out of them as well as C0 and DEL: 0x9b alone begins a terminal sequence, as ESC [ does.
const CONTROL_BUT_LAYOUT = /[^\t\n -~\u00a0-\uffff]/;
const CONTROL_OR_QUOTE = /[^ !#-[\]-~\u00a0-\uffff]/;

function escapeWhere(text: string, needsEscape: RegExp): string {
  return text.replace(new RegExp(needsEscape, 'g'), (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
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
 * Control characters, new lines too, as `\xHH`, and a backslash before `"` and `\`, as in Apache's log. Without
 * the latter a value that ends in a backslash would hide the quote that ends its field.
 */
export function escapeField(text: string): string {
  return CONTROL_OR_QUOTE.test(text) ? escapeWhere(text, CONTROL_OR_QUOTE) : text;
}

/** JSON leaves DEL and C1 as they are; here they become `\u00HH`, which means the same to a JSON reader. */
export function escapeJsonLine(json: string): string {
  // Text of one byte a character is ASCII, which has no C1: two native searches instead of a slow one.
  if (Buffer.byteLength(json) === json.length && !json.includes('\x7f')) return json;
  return json.replace(/[\x7f-\x9f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}
