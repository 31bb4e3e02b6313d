import type { BodyFraming } from './body-framing.ts';
import { readChunkLine } from './chunk-line.ts';
import { RequestError } from './errors.ts';
import { FieldBlock } from './field-block.ts';
import { type HeaderFields, NO_FIELDS } from './header-fields.ts';
import type { HttpRules } from './http-rules.ts';
import type { Input } from './input.ts';
import { CR, HEX, LF, NO_DIGIT } from './octets.ts';
import { checkTrailers } from './trailers.ts';

/** Longest chunk line in bytes: size, extensions, CR LF. */
const CHUNK_LINE_LIMIT = 4096;
/** What chunk lines need: sixteen digits and CR LF. The rest of a line is padding. */
const PLAIN_CHUNK_LINE = 18;
/** Bytes of padding that a body may have on top of one for each byte of data. */
const FREE_PADDING = 16_384;

export type BodyEvent = 'more' | 'body' | 'end';

type Stage = 'data' | 'chunk-line' | 'chunk-data' | 'chunk-end' | 'trailers' | 'done';

/** Reads request bodies: by length, or chunked with trailers. */
export class BodyReader {
  readonly #rules: HttpRules;
  readonly #trailerBlock: FieldBlock;
  #stage: Stage = 'done';
  /** Bytes left of the body, or of the chunk. */
  #left = 0;
  #received = 0;
  #padding = 0;

  /** After the event `body`: the bytes, where they were pushed. */
  chunk: Uint8Array = new Uint8Array(0);
  /** After the event `end`. */
  trailers: HeaderFields = NO_FIELDS;

  constructor(rules: HttpRules) {
    this.#rules = rules;
    this.#trailerBlock = new FieldBlock(rules);
  }

  start(framing: BodyFraming): void {
    this.#stage = framing.kind === 'none' ? 'done' : framing.kind === 'length' ? 'data' : 'chunk-line';
    this.#left = framing.length ?? 0;
    this.#received = this.#padding = 0;
    this.trailers = NO_FIELDS;
  }

  /** @throws {RequestError} */
  read(input: Input): BodyEvent {
    for (;;) {
      switch (this.#stage) {
        case 'done':
          return 'end';
        case 'data':
        case 'chunk-data':
          return this.#takeData(input);
        case 'chunk-line':
          if (!this.#takeChunkLine(input)) return 'more';
          break;
        case 'chunk-end':
          if (!this.#takeChunkEnd(input)) return 'more';
          break;
        case 'trailers':
          if (!this.#takeTrailers(input)) return 'more';
          break;
      }
    }
  }

  #takeData(input: Input): BodyEvent {
    const { at, end } = input;
    if (at === end) return 'more';
    const size = Math.min(this.#left, end - at);
    this.chunk = input.bytes.subarray(at, at + size);
    input.consumeTo(at + size);
    this.#left -= size;
    this.#received += size;
    if (this.#left === 0) this.#stage = this.#stage === 'data' ? 'done' : 'chunk-end';
    return 'body';
  }

  #takeChunkLine(input: Input): boolean {
    const { at, end, bytes } = input;
    // The end of the line is not waited for: it may never come.
    if (at < end && HEX[bytes[at]!] === NO_DIGIT) throw new RequestError('chunk-size');
    const lf = input.findLineEnd(CHUNK_LINE_LIMIT, 'chunk-line-too-long');
    if (lf === -1) return false;
    const size = readChunkLine(bytes, at, lf);
    // One byte of data behind each kilobyte of extension is an old way to keep a server busy.
    this.#padding += Math.max(0, lf + 1 - at - PLAIN_CHUNK_LINE);
    if (this.#padding > FREE_PADDING + this.#received) throw new RequestError('chunk-line-too-long');
    if (size > this.#rules.bodyLimit - this.#received) throw new RequestError('content-too-large');
    this.#left = size;
    this.#stage = size === 0 ? 'trailers' : 'chunk-data';
    if (size === 0) this.#trailerBlock.clear();
    input.consumeTo(lf + 1);
    return true;
  }

  #takeChunkEnd(input: Input): boolean {
    const { at, end, bytes } = input;
    if (at === end) return false;
    if (bytes[at] !== CR) throw new RequestError('chunk-end');
    if (end - at < 2) return false;
    if (bytes[at + 1] !== LF) throw new RequestError('chunk-end');
    input.consumeTo(at + 2);
    this.#stage = 'chunk-line';
    return true;
  }

  #takeTrailers(input: Input): boolean {
    for (;;) {
      const lf = input.findLineEnd(this.#rules.fieldSizeLimit, 'field-too-long');
      if (lf === -1) return false;
      if (lf === input.at + 1) break;
      this.#trailerBlock.add(input, lf, undefined);
      input.at = lf + 1;
    }
    const text = input.bytes.toString('latin1', input.mark, input.at);
    this.trailers = this.#trailerBlock.fields(text);
    checkTrailers(this.trailers);
    input.consumeTo(input.at + 2);
    this.#stage = 'done';
    return true;
  }
}
