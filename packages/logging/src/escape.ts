/** C0, DEL and C1: 0x9b alone begins a terminal sequence, as ESC [ does. */
function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

/** A new line or a tab, which our own multi-line messages (stack traces) are made of. */
function isLayout(code: number): boolean {
  return code === 0x0a || code === 0x09;
}

function isControlOrQuote(code: number): boolean {
  return isControl(code) || code === 0x22 || code === 0x5c;
}

function hex(code: number): string {
  return code.toString(16).padStart(2, '0');
}

function escapeWhere(text: string, needsEscape: (code: number) => boolean): string {
  let escaped = '';
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!needsEscape(code)) continue;
    const replacement = code === 0x22 || code === 0x5c ? `\\${text[i]}` : `\\x${hex(code)}`;
    escaped += text.slice(copied, i) + replacement;
    copied = i + 1;
  }
  return copied === 0 ? text : escaped + text.slice(copied);
}

/**
 * Control characters (C0, DEL, C1; new lines too) as `\xHH`. For text that a client sent, before it is put
 * into a log message: it can then neither begin a line of its own nor drive the reader's terminal.
 */
export function escapeControl(text: string): string {
  return escapeWhere(text, isControl);
}

/** As {@link escapeControl}, but new lines and tabs stay: for a whole message of the error log. */
export function escapeMessage(text: string): string {
  return escapeWhere(text, (code) => isControl(code) && !isLayout(code));
}

/**
 * As {@link escapeControl}, and `"` and `\` get a backslash, as in Apache's log. Without the second a value
 * that ends in a backslash would hide the quote that ends its field.
 */
export function escapeField(text: string): string {
  return escapeWhere(text, isControlOrQuote);
}

/** JSON leaves DEL and C1 as they are; here they become `\u00HH`, which means the same to a JSON reader. */
export function escapeJsonLine(json: string): string {
  let escaped = '';
  let copied = 0;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code < 0x7f || code > 0x9f) continue;
    escaped += `${json.slice(copied, i)}\\u00${hex(code)}`;
    copied = i + 1;
  }
  return copied === 0 ? json : escaped + json.slice(copied);
}
