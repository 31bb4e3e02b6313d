import { fieldName } from './field-name.ts';
import { trimOws } from './octets.ts';

/** Where a field's name and value begin and end, counted from the beginning of the section. */
export const MARKS_PER_FIELD = 4;

/**
 * The fields of a header or trailer section, in order, with duplicates, as they were sent. They are cut
 * out of the section's text when they are asked for.
 */
export class HeaderFields {
  readonly #text: string;
  readonly #marks: readonly number[];
  readonly #folded: boolean;

  constructor(text: string, marks: readonly number[], folded: boolean) {
    this.#text = text;
    this.#marks = marks;
    this.#folded = folded;
  }

  get count(): number {
    return this.#marks.length / MARKS_PER_FIELD;
  }

  /** Name of field `index`, spelled as sent. */
  name(index: number): string {
    const at = index * MARKS_PER_FIELD;
    return fieldName(this.#text, this.#marks[at]!, this.#marks[at + 1]!);
  }

  /** Value of field `index`: latin-1, without white space around it. A folded one has single spaces. */
  value(index: number): string {
    const at = index * MARKS_PER_FIELD;
    const value = this.#text.substring(this.#marks[at + 2]!, this.#marks[at + 3]!);
    return this.#folded ? unfold(value) : value;
  }

  /**
   * Number of the first field of a name, -1 when there is none.
   * @param name in small letters
   * @param from number of the field to begin with
   */
  find(name: string, from = 0): number {
    const marks = this.#marks;
    for (let at = from * MARKS_PER_FIELD; at < marks.length; at += MARKS_PER_FIELD) {
      const start = marks[at]!;
      if (marks[at + 1]! - start === name.length && isNamedAt(this.#text, start, name)) {
        return at / MARKS_PER_FIELD;
      }
    }
    return -1;
  }

  /**
   * The value of a field; several are joined with `, ` (RFC 9110 §5.3), cookies with `; ` (RFC 6265 §5.4).
   * @param name in small letters
   */
  get(name: string): string | undefined {
    let at = this.find(name);
    if (at === -1) return undefined;
    let found = this.value(at);
    while ((at = this.find(name, at + 1)) !== -1) {
      found += (name === 'cookie' ? '; ' : ', ') + this.value(at);
    }
    return found;
  }

  /**
   * All values of a field, one a line that had it.
   * @param name in small letters
   */
  all(name: string): string[] {
    const values: string[] = [];
    for (let at = this.find(name); at !== -1; at = this.find(name, at + 1)) values.push(this.value(at));
    return values;
  }

  /**
   * These fields without those of a name, and with one of it behind them. To WSGI and CGI `_` and `-` in a name are the
   * same, and so they are here.
   */
  with(name: string, value: string): HeaderFields {
    const wanted = cgiName(name);
    const marks: number[] = [];
    for (let index = 0; index < this.count; index++) {
      const at = index * MARKS_PER_FIELD;
      const [start = 0, end = 0] = [this.#marks[at], this.#marks[at + 1]];
      if (end - start === wanted.length && cgiName(this.name(index)) === wanted) continue;
      marks.push(...this.#marks.slice(at, at + MARKS_PER_FIELD));
    }
    const start = this.#text.length;
    marks.push(start, start + name.length, start + name.length, start + name.length + value.length);
    return new HeaderFields(`${this.#text}${name}${value}`, marks, this.#folded);
  }

  /** Names and values by turns, as `rawHeaders` of `node:http` has them. */
  raw(): string[] {
    const raw: string[] = [];
    for (let index = 0; index < this.count; index++) raw.push(this.name(index), this.value(index));
    return raw;
  }

  /** All fields, as `[name, value]`. */
  entries(): [name: string, value: string][] {
    return Array.from({ length: this.count }, (_, index) => [this.name(index), this.value(index)]);
  }
}

function isNamedAt(text: string, start: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const code = text.charCodeAt(start + i);
    const folded = code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
    if (folded !== name.charCodeAt(i)) return false;
  }
  return true;
}

function cgiName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

/** No fields at all: the trailers of a request that has none. */
export const NO_FIELDS: HeaderFields = new HeaderFields('', [], false);

function unfold(value: string): string {
  return value
    .split('\r\n')
    .map(trimOws)
    .filter((line) => line !== '')
    .join(' ');
}
