/** What stands in an argument of a logging file. A name such as `sys.stdout` is `{ name }`. */
export type Literal =
  | string
  | number
  | boolean
  | null
  | readonly Literal[]
  | { readonly name: string }
  | { readonly [key: string]: Literal };

const TOKEN =
  /\s*(?:(?<number>[-+]?(?:0x[0-9a-f]+|\d+(?:\.\d+)?))|[rRuU]?(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<name>[A-Za-z_][\w.]*)|(?<mark>[()[\]{},:=]))/iy;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const NAMED: Readonly<Record<string, Literal>> = { True: true, False: false, None: null };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/**
 * Reads literals of Python: texts, numbers, tuples, lists, dicts, and plain names, which Python would look up.
 * @throws {SyntaxError} for anything else, which Python would run as code
 */
export function readLiteral(source: string): Literal {
  const reader = new Reader(source);
  const value = reader.value();
  reader.end();
  return value;
}

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source.trimEnd();
  }

  value(): Literal {
    const { number, text, name, mark } = this.#next();
    if (number !== undefined) return Number(number);
    if (text !== undefined)
      return text.slice(1, -1).replaceAll(/\\(.)/gs, (_, one: string) => ESCAPES[one] ?? one);
    if (name !== undefined) return name in NAMED ? NAMED[name]! : { name };
    const close = CLOSING[mark ?? ''];
    return close === undefined ? this.#fail() : this.#until(close);
  }

  end(): void {
    if (this.#at < this.#source.length) this.#fail();
  }

  #until(close: string): Literal {
    const items: Literal[] = [];
    const members: Record<string, Literal> = {};
    let commas = 0;
    while (!this.#skips(close)) {
      const item = this.value();
      if (close === '}') {
        if (!this.#skips(':')) this.#fail();
        members[String(item)] = this.value();
      } else items.push(item);
      if (this.#skips(',')) commas++;
      else if (!this.#skips(close)) this.#fail();
      else break;
    }
    if (close === '}') return members;
    // Parentheses around one value are not a tuple.
    return close === ')' && items.length === 1 && commas === 0 ? items[0]! : items;
  }

  #skips(mark: string): boolean {
    const before = this.#at;
    if (this.#at < this.#source.length && this.#next().mark === mark) return true;
    this.#at = before;
    return false;
  }

  #next(): Readonly<Record<string, string | undefined>> {
    TOKEN.lastIndex = this.#at;
    const groups = TOKEN.exec(this.#source)?.groups;
    if (groups === undefined) return this.#fail();
    this.#at = TOKEN.lastIndex;
    return groups;
  }

  #fail(): never {
    const found = this.#source.slice(this.#at).trim() || 'the end';
    throw new SyntaxError(`is no literal at: ${found}`);
  }
}
