import { RequestError } from './errors.ts';
import { FieldBlock } from './field-block.ts';
import { type ConnectionInfo, HeadJudge } from './head-verdict.ts';
import type { HttpRules } from './http-rules.ts';
import type { Input } from './input.ts';
import { CR, LF, TOKEN } from './octets.ts';
import { RequestHead } from './request-head.ts';
import { LONGEST_METHOD, methodIn, readVersion, scanMethod, scanTarget } from './request-line.ts';
import { checkTarget } from './request-target.ts';

type Stage = 'start' | 'line' | 'fields';

/** What a request line has besides method and target: two spaces, the version, CR LF. */
const LINE_FRAME = 12;
/** What a header line has besides name and value: colon, space, CR LF. */
const FIELD_FRAME = 4;

/** Reads request heads, line by line as they arrive. */
export class HeadReader {
  readonly #rules: HttpRules;
  readonly #fields: FieldBlock;
  readonly #judge: HeadJudge;
  #stage: Stage = 'start';
  // Where method and target end, counted from the beginning of the head.
  #methodEnd = 0;
  #targetEnd = 0;
  #version = 0;

  constructor(rules: HttpRules) {
    this.#rules = rules;
    this.#fields = new FieldBlock(rules);
    this.#judge = new HeadJudge(rules);
  }

  clear(): void {
    this.#stage = 'start';
    this.#fields.clear();
  }

  /**
   * The head, or `undefined` while it is not complete.
   * @throws {RequestError}
   */
  read(input: Input, connection: ConnectionInfo): RequestHead | undefined {
    if (this.#stage === 'start' && !this.#start(input)) return undefined;
    if (this.#stage === 'line' && !this.#readLine(input)) return undefined;
    const fields = this.#fields;
    const { fieldSizeLimit, headLimit } = this.#rules;
    for (;;) {
      while (fields.addPlain(input));
      const frame = this.#methodEnd + LINE_FRAME + FIELD_FRAME * fields.lines;
      // A line has at least a byte of name, also one with less of a frame than is taken off here.
      const room = headLimit - Math.max(input.at - input.mark - frame, fields.lines);
      if (room < 0) throw new RequestError('head-too-long');
      const lf =
        room < fieldSizeLimit
          ? input.findLineEnd(room + FIELD_FRAME, 'head-too-long')
          : input.findLineEnd(fieldSizeLimit, 'field-too-long');
      if (lf === -1) return undefined;
      if (lf === input.at + 1) return this.#finish(input, connection);
      fields.add(input, lf, connection.address);
      input.at = lf + 1;
    }
  }

  /**
   * Skips empty lines, which old clients send behind a body (RFC 9112 §2.2), and looks at the first
   * byte: what cannot begin a request (a TLS handshake, say) is refused before it is waited for.
   * However many: none is kept, and the time for a head goes on.
   */
  #start(input: Input): boolean {
    while (input.at < input.end && input.bytes[input.at] === CR) {
      if (input.end - input.at < 2) return false;
      if (input.bytes[input.at + 1] !== LF) throw new RequestError('request-line');
      input.consumeTo(input.at + 2);
    }
    if (input.at === input.end) return false;
    if (TOKEN[input.bytes[input.at]!] === 0) throw new RequestError('request-line');
    this.#stage = 'line';
    return true;
  }

  #readLine(input: Input): boolean {
    const { bytes, at } = input;
    const { lineLimit, headLimit } = this.#rules;
    const longest = headLimit + LONGEST_METHOD + LINE_FRAME;
    const lf =
      longest < lineLimit
        ? input.findLineEnd(longest, 'head-too-long')
        : input.findLineEnd(lineLimit + 2, 'request-line-too-long');
    if (lf === -1) return false;
    const methodEnd = scanMethod(bytes, at, this.#rules);
    const targetEnd = scanTarget(bytes, methodEnd + 1);
    if (targetEnd - methodEnd - 1 > headLimit) throw new RequestError('head-too-long');
    this.#version = readVersion(bytes, targetEnd + 1, lf, this.#rules);
    this.#methodEnd = methodEnd - at;
    this.#targetEnd = targetEnd - at;
    input.at = lf + 1;
    this.#stage = 'fields';
    return true;
  }

  #finish(input: Input, connection: ConnectionInfo): RequestHead {
    const text = input.bytes.toString('latin1', input.mark, input.at);
    const spelled = methodIn(text, this.#methodEnd);
    const method = this.#rules.policy.casefoldHttpMethod ? spelled.toUpperCase() : spelled;
    const target = text.substring(this.#methodEnd + 1, this.#targetEnd);
    checkTarget(method, target);
    const fields = this.#fields.fields(text);
    const verdict = this.#judge.judge(this.#fields, fields, this.#version, connection);
    const head = new RequestHead({ method, target, version: this.#version }, fields, verdict);
    input.consumeTo(input.at + 2);
    this.clear();
    return head;
  }
}
