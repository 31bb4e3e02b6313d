const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|'((?:[^'\\]|\\.)*)'|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w$]))|([A-Za-z_$][\w$]*)|([[\]{},:]))/y;

type Token =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: string };

const CONSTANTS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null, undefined };

/**
 * Reads a list of literals, `"x", 2, {debug: true}`, as they stand between the brackets of
 * `factory(…)`: strings, numbers, `true`, `false`, `null`, arrays and objects. Nothing is evaluated.
 *
 * @throws SyntaxError when it is anything else.
 */
export function parseLiterals(text: string): readonly unknown[] {
  const reader = new LiteralReader(tokensOf(text));
  return reader.listUntil(undefined);
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(trimmed);
    if (match === null) throw new SyntaxError(`not a literal: ${trimmed.slice(at).trim()}`);
    tokens.push(tokenOf(match));
  }
  return tokens;
}

function tokenOf([, double, single, number, word, mark]: RegExpExecArray): Token {
  if (double !== undefined) return { kind: 'value', value: JSON.parse(double) };
  if (single !== undefined) return { kind: 'value', value: unquote(single) };
  if (number !== undefined) return { kind: 'value', value: Number(number) };
  if (word !== undefined) return { kind: 'word', text: word };
  return { kind: 'mark', text: mark ?? '' };
}

/** A text in single quotes, read by the rules for double ones. */
function unquote(single: string): string {
  return JSON.parse(
    `"${single.replaceAll(String.raw`\'`, "'").replaceAll(/(?<!\\)"/g, String.raw`\"`)}"`,
  ) as string;
}

class LiteralReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Values up to the closing mark; up to the end when there is none. A trailing comma is allowed. */
  listUntil(close: string | undefined): unknown[] {
    const values: unknown[] = [];
    while (!this.#closes(close)) {
      values.push(this.#value());
      if (this.#closes(close)) break;
      this.#expect(',');
    }
    return values;
  }

  /** Steps over the closing mark when it is next. */
  #closes(close: string | undefined): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined) {
      if (close === undefined) return true;
      throw new SyntaxError(`"${close}" is missing`);
    }
    if (token.kind !== 'mark' || token.text !== close) return false;
    this.#at += 1;
    return true;
  }

  #value(): unknown {
    const token = this.#next('a value');
    if (token.kind === 'value') return token.value;
    if (token.kind === 'word') {
      if (Object.hasOwn(CONSTANTS, token.text)) return CONSTANTS[token.text];
      throw new SyntaxError(`not a literal: ${token.text}`);
    }
    if (token.text === '[') return this.listUntil(']');
    if (token.text === '{') return this.#object();
    throw new SyntaxError(`unexpected "${token.text}"`);
  }

  #object(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    while (!this.#closes('}')) {
      const key = this.#next('a key');
      if (key.kind === 'mark') throw new SyntaxError(`unexpected "${key.text}"`);
      this.#expect(':');
      entries.push([key.kind === 'word' ? key.text : String(key.value), this.#value()]);
      if (this.#closes('}')) break;
      this.#expect(',');
    }
    return Object.fromEntries(entries);
  }

  #expect(mark: string): void {
    const token = this.#next(`"${mark}"`);
    if (token.kind !== 'mark' || token.text !== mark) throw new SyntaxError(`"${mark}" is missing`);
  }

  #next(wanted: string): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new SyntaxError(`${wanted} is missing at the end`);
    this.#at += 1;
    return token;
  }
}
