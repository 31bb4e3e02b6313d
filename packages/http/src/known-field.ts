// Bits, so that one number says which of the fields that matter to the server a request had.

export const HOST = 1;
export const CONTENT_LENGTH = 2;
export const TRANSFER_ENCODING = 4;
export const CONNECTION = 8;
export const EXPECT = 16;
export const CONTENT_TYPE = 32;
export const FORWARDED = 64;
export const SECURE_SCHEME = 128;

/** Fields that may occur once. Two of them are how a request is made to mean two things to two servers. */
export const SINGLETONS: number = HOST | CONTENT_LENGTH | CONTENT_TYPE;

const FIXED: readonly (readonly [name: string, bit: number])[] = [
  ['host', HOST],
  ['content-length', CONTENT_LENGTH],
  ['transfer-encoding', TRANSFER_ENCODING],
  ['connection', CONNECTION],
  ['expect', EXPECT],
  ['content-type', CONTENT_TYPE],
  ['forwarded', FORWARDED],
];

interface KnownField {
  readonly name: Uint8Array;
  readonly text: string;
  readonly bit: number;
}

const SLOTS = 128;

/**
 * Recognises the few fields that matter to the server among all that a request has. Most names are
 * turned away by one look-up on their length and first letter.
 */
export class KnownFields {
  readonly #slots: (readonly KnownField[] | undefined)[] = Array.from({ length: SLOTS });

  /** @param secureSchemeNames the keys of `secureSchemeHeaders`, in small letters */
  constructor(secureSchemeNames: readonly string[]) {
    for (const [name, bit] of FIXED) this.#add(name, bit);
    for (const name of secureSchemeNames) if (name !== '') this.#add(name, SECURE_SCHEME);
  }

  /** The bit of the name in `bytes[start..end)`, 0 when it is none of them. */
  bitOf(bytes: Uint8Array, start: number, end: number): number {
    const candidates = this.#slots[slotOf(bytes[start]!, end - start)];
    if (candidates === undefined) return 0;
    for (const { name, bit } of candidates) {
      if (name.length === end - start && sameName(bytes, start, name)) return bit;
    }
    return 0;
  }

  /** The bit of a name that is a text; 0 when it is none of them. */
  bitOfText(name: string): number {
    const candidates = this.#slots[slotOf(name.charCodeAt(0) & 0x7f, name.length)];
    if (candidates === undefined) return 0;
    for (const { text, bit } of candidates) {
      if (text.length === name.length && (text === name || text === name.toLowerCase())) return bit;
    }
    return 0;
  }

  #add(name: string, bit: number): void {
    const field = { name: Buffer.from(name, 'latin1'), text: name, bit };
    const slot = slotOf(name.charCodeAt(0), name.length);
    this.#slots[slot] = [...(this.#slots[slot] ?? []), field];
  }
}

function slotOf(first: number, length: number): number {
  return ((first | 0x20) * 5 + length) & (SLOTS - 1);
}

function sameName(bytes: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) {
    const octet = bytes[start + i]!;
    const folded = octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
    if (folded !== name[i]) return false;
  }
  return true;
}
