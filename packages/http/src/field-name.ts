/** Names that are remembered: a power of two. */
const SLOTS = 256;
const LONGEST = 64;

const known: string[] = Array.from({ length: SLOTS }, () => '');

/**
 * The name of a field in the text of its section. Clients send few different names: that which was given out before
 * is given again, so that no text is made, and whoever looks it up in a table finds its hash made.
 */
export function fieldName(text: string, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST || length === 0) return text.substring(start, end);
  const slot = (length * 37 + text.charCodeAt(start) * 5 + text.charCodeAt(end - 1)) & (SLOTS - 1);
  const name = known[slot]!;
  if (name.length === length && stands(text, start, name)) return name;
  // A copy: a part of a text keeps the whole of it alive.
  return (known[slot] = Buffer.from(text.substring(start, end), 'latin1').toString('latin1'));
}

function stands(text: string, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index++) {
    if (text.charCodeAt(start + index) !== name.charCodeAt(index)) return false;
  }
  return true;
}
