import { isPlainHost } from './authority.ts';
import { RequestError } from './errors.ts';
import { HeaderFields, MARKS_PER_FIELD } from './header-fields.ts';
import type { HttpRules } from './http-rules.ts';
import type { Input } from './input.ts';
import { HOST, SINGLETONS } from './known-field.ts';
import { COLON, CR, HTAB, LF, SP, TOKEN, TOKEN_UNDERSCORE } from './octets.ts';

/**
 * Collects the field lines of one header or trailer section. Nothing is turned into text here: a field is
 * four positions, counted from the beginning of the section.
 */
export class FieldBlock {
  readonly #rules: HttpRules;
  readonly #inValue: Uint8Array;
  #marks: number[] = [];
  #lines = 0;
  #seen = 0;
  #hostIsPlain = false;
  #folded = false;
  #lastDropped = false;
  #lastSize = 0;

  constructor(rules: HttpRules) {
    this.#rules = rules;
    this.#inValue = rules.fieldValue;
  }

  /** Lines that there have been, those included that were dropped. */
  get lines(): number {
    return this.#lines;
  }

  /** Bits of the known fields that were among them; see `known-field.ts`. */
  get seen(): number {
    return this.#seen;
  }

  /** Whether there is a Host that is plainly a name and a port, and need not be looked at again. */
  get hostIsPlain(): boolean {
    return this.#hostIsPlain && !this.#folded;
  }

  clear(): void {
    // Never emptied in place: the fields that were given out still read it.
    if (this.#marks.length > 0) this.#marks = [];
    this.#lines = this.#seen = this.#lastSize = 0;
    this.#hostIsPlain = this.#folded = this.#lastDropped = false;
  }

  /** The fields, given the text of the section that they were collected from. */
  fields(text: string): HeaderFields {
    return new HeaderFields(text, this.#marks, this.#folded);
  }

  /**
   * Takes the line at `input.at` when it is complete and there is nothing to say about it, as nearly always.
   * Else it takes nothing and gives `false`: find the line's end, and call `add`.
   */
  addPlain(input: Input): boolean {
    const { bytes, at, end } = input;
    // Looked at before, when it was not complete: byte by byte that would take the square of its length.
    if (input.searched > at) return false;
    let nameEnd = at;
    let kinds = 0;
    while (nameEnd < end) {
      const kind = TOKEN[bytes[nameEnd]!]!;
      if (kind === 0) break;
      kinds |= kind;
      nameEnd++;
    }
    if (nameEnd === at || (kinds & TOKEN_UNDERSCORE) !== 0 || bytes[nameEnd] !== COLON) return false;
    let valueStart = nameEnd + 1;
    while (bytes[valueStart] === SP && valueStart < end) valueStart++;
    const inValue = this.#inValue;
    let cr = valueStart;
    while (cr < end && inValue[bytes[cr]!] !== 0) cr++;
    // What lies behind `end` is left from other requests, and not ours to read.
    if (cr + 1 >= end || bytes[cr] !== CR || bytes[cr + 1] !== LF) return false;
    const size = cr + 2 - at;
    const last = bytes[cr - 1];
    if (last === SP || last === HTAB || bytes[valueStart] === HTAB) return false;
    if (size > this.#rules.fieldSizeLimit || this.#lines >= this.#rules.fieldLimit) return false;
    this.#lines++;
    this.#lastSize = size;
    this.#lastDropped = false;
    this.#record(input, nameEnd, valueStart, cr);
    input.at = cr + 2;
    return true;
  }

  /**
   * Takes the line at `input.at`.
   * @param lf where its LF is; a CR stands before it
   * @param peer whose forwarding headers may hold underscores; `undefined` for trailers, which nobody is trusted with
   * @throws {RequestError}
   */
  add(input: Input, lf: number, peer: string | undefined): void {
    const { bytes, at } = input;
    if (bytes[at] === SP || bytes[at] === HTAB) {
      this.#fold(input, lf);
      return;
    }
    if (++this.#lines > this.#rules.fieldLimit) throw new RequestError('too-many-fields');
    this.#lastSize = lf + 1 - at;
    let nameEnd = at;
    let kinds = 0;
    for (let kind = TOKEN[bytes[nameEnd]!]!; kind !== 0; kind = TOKEN[bytes[nameEnd]!]!) {
      kinds |= kind;
      nameEnd++;
    }
    if (nameEnd === at) throw new RequestError('field-name');
    let valueStart = this.#colon(bytes, nameEnd) + 1;
    while (bytes[valueStart] === SP || bytes[valueStart] === HTAB) valueStart++;
    const valueEnd = this.#endOfValue(bytes, valueStart, lf);
    this.#lastDropped = (kinds & TOKEN_UNDERSCORE) !== 0 && this.#drops(input, nameEnd, peer);
    if (!this.#lastDropped) this.#record(input, nameEnd, valueStart, valueEnd);
  }

  #record(input: Input, nameEnd: number, valueStart: number, valueEnd: number): void {
    const { bytes, at, mark } = input;
    const bit = this.#rules.knownFields.bitOf(bytes, at, nameEnd);
    if ((bit & this.#seen & SINGLETONS) !== 0) throw new RequestError('duplicate-field');
    this.#seen |= bit;
    if (bit === HOST) this.#hostIsPlain = isPlainHost(bytes, valueStart, valueEnd);
    this.#marks.push(at - mark, nameEnd - mark, valueStart - mark, valueEnd - mark);
  }

  #colon(bytes: Uint8Array, nameEnd: number): number {
    let at = nameEnd;
    // RFC 9112 §5.1: a server must refuse white space here; the setting is for clients that cannot be mended.
    if (this.#rules.policy.stripHeaderSpaces) while (bytes[at] === SP || bytes[at] === HTAB) at++;
    if (bytes[at] !== COLON) throw new RequestError('field-name');
    return at;
  }

  #drops(input: Input, nameEnd: number, peer: string | undefined): boolean {
    const name = input.bytes.toString('latin1', input.at, nameEnd);
    const trusted = peer !== undefined && this.#rules.trustsForwarder(peer);
    const verdict = this.#rules.underscoreVerdict(name, trusted);
    if (verdict === 'refuse') throw new RequestError('underscore-name');
    return verdict === 'drop';
  }

  #fold(input: Input, lf: number): void {
    const { bytes, at, mark } = input;
    if (!this.#rules.policy.permitObsoleteFolding || this.#lines === 0) {
      throw new RequestError('obsolete-folding');
    }
    this.#lastSize += lf + 1 - at;
    if (this.#lastSize > this.#rules.fieldSizeLimit) throw new RequestError('field-too-long');
    const end = this.#endOfValue(bytes, at, lf);
    if (this.#lastDropped || end === at) return;
    this.#marks[this.#marks.length - MARKS_PER_FIELD + 3] = end - mark;
    this.#folded = true;
  }

  /** Position behind the last character of a value that is no white space. */
  #endOfValue(bytes: Uint8Array, start: number, lf: number): number {
    const inValue = this.#inValue;
    let end = start;
    while (inValue[bytes[end]!] !== 0) end++;
    if (end !== lf - 1) throw new RequestError('field-value');
    while (end > start && (bytes[end - 1] === SP || bytes[end - 1] === HTAB)) end--;
    return end;
  }
}
