import { isIP } from 'node:net';
import { RequestError } from './errors.ts';
import { HTAB, SP, isToken } from './octets.ts';

/** What one proxy says about the request it got (RFC 7239 §4). */
export interface ForwardedElement {
  /** Who sent it the request: `192.0.2.1`, `[2001:db8::1]:4711`, `unknown` or `_hidden`. */
  readonly for?: string;
  /** Where the proxy received it. */
  readonly by?: string;
  /** The Host that it received. */
  readonly host?: string;
  /** The scheme that it received, in small letters. */
  readonly proto?: string;
}

const PARAMETERS: ReadonlySet<string> = new Set(['for', 'by', 'host', 'proto']);

/**
 * Reads a `Forwarded` header, the lines of it joined with commas. The proxy nearest to us comes last.
 * @throws {RequestError} `forwarded`: half-understood, it would let a client choose what is believed
 */
export function parseForwarded(value: string): readonly ForwardedElement[] {
  const scanner = new ForwardedScanner(value);
  const elements: ForwardedElement[] = [];
  do {
    const element = scanner.element();
    if (element !== undefined) elements.push(element);
  } while (scanner.take(','));
  if (!scanner.atEnd) throw new RequestError('forwarded');
  return elements;
}

/**
 * The element that describes the client: from the nearest proxy backwards, as long as the sender it names
 * is itself trusted. What stands before was sent by somebody nobody vouches for.
 */
export function believedElement(
  elements: readonly ForwardedElement[],
  trusts: (address: string) => boolean,
): ForwardedElement | undefined {
  let index = elements.length - 1;
  while (index > 0) {
    const address = nodeAddress(elements[index]?.for);
    if (address === undefined || !trusts(address)) break;
    index--;
  }
  return elements[index];
}

/** The IP address of a node (RFC 7239 §6), without brackets and port; `undefined` for `unknown` and `_hidden`. */
export function nodeAddress(node: string | undefined): string | undefined {
  if (node === undefined) return undefined;
  const address = /^\[([^\]]*)\](?::[^:]*)?$/.exec(node)?.[1] ?? node.replace(/:[^:]*$/, '');
  return isIP(address) === 0 ? undefined : address;
}

class ForwardedScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** Takes one character and the white space around it. */
  take(character: string): boolean {
    this.#skipSpaces();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    this.#skipSpaces();
    return true;
  }

  /** One element; `undefined` for an empty one, which a list may hold. */
  element(): ForwardedElement | undefined {
    const found: Record<string, string> = {};
    const names = new Set<string>();
    do {
      this.#skipSpaces();
      const name = this.#token().toLowerCase();
      if (name === '') continue;
      if (names.has(name) || this.#text[this.#at] !== '=') throw new RequestError('forwarded');
      names.add(name);
      this.#at++;
      const value = this.#text[this.#at] === '"' ? this.#quoted() : this.#token();
      if (value === '') throw new RequestError('forwarded');
      if (PARAMETERS.has(name)) found[name] = name === 'proto' ? value.toLowerCase() : value;
    } while (this.take(';'));
    return names.size === 0 ? undefined : found;
  }

  #token(): string {
    const from = this.#at;
    while (!this.atEnd && isToken(this.#text[this.#at]!)) this.#at++;
    return this.#text.slice(from, this.#at);
  }

  #quoted(): string {
    let value = '';
    for (this.#at++; !this.atEnd; this.#at++) {
      if (this.#text[this.#at] === '"') {
        this.#at++;
        return value;
      }
      // Behind the last character there is nothing that a backslash could stand for.
      if (this.#text[this.#at] === '\\' && ++this.#at === this.#text.length) break;
      value += this.#text[this.#at]!;
    }
    throw new RequestError('forwarded');
  }

  #skipSpaces(): void {
    for (let code = this.#code(); code === SP || code === HTAB; code = this.#code()) this.#at++;
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }
}
