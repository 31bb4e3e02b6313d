/** Names and values of a head or of trailers; names in small letters, those that speak of a connection left out. */
export type DecodedFields = readonly (readonly [name: string, value: string])[];

/** Who is told what a response is made of. */
export interface ResponseSink {
  informational(status: number, fields: DecodedFields): void;
  /**
   * @param ends nothing follows: there is no body
   * @param mayHaveTrailers whether the end may bring fields
   */
  head(status: number, fields: DecodedFields, ends: boolean, mayHaveTrailers: boolean): void;
  data(bytes: Buffer): void;
  /** Not after a head that ends. */
  end(trailers: DecodedFields): void;
}

/** RFC 9113 §8.2.2: what is said of one connection has no place where many requests share it. */
const OF_CONNECTIONS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

const SWITCHING_PROTOCOLS = 101;
/** RFC 9110: besides answers to HEAD, these have no body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

type Stage = 'head' | 'length' | 'chunk-line' | 'chunk' | 'chunk-end' | 'trailers' | 'until-end' | 'over';

/**
 * Reads the HTTP/1.1 response that a kind of application writes, for whoever sends it in another form. It comes from
 * this process, from Node's own writer or from ours: what is no response is a mistake of the application, and thrown.
 */
export class ResponseDecoder {
  readonly #method: string;
  readonly #sink: ResponseSink;
  #stage: Stage = 'head';
  #held: Buffer | undefined;
  #line = '';
  /** Bytes left of the body, or of the chunk. */
  #left = 0;

  constructor(method: string, sink: ResponseSink) {
    this.#method = method;
    this.#sink = sink;
  }

  /** Whether the whole response was decoded. */
  get isOver(): boolean {
    return this.#stage === 'over';
  }

  /** Whether a final head was. */
  get hasBegun(): boolean {
    return this.#stage !== 'head';
  }

  /** @throws {TypeError} when it is no response */
  decode(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 && this.#stage !== 'over') rest = this.#step(rest);
  }

  /**
   * Nothing follows.
   * @returns whether the response is whole
   */
  finish(): boolean {
    if (this.#stage === 'until-end') this.#end([]);
    return this.isOver;
  }

  #step(bytes: Buffer): Buffer {
    switch (this.#stage) {
      case 'head':
        return this.#takeHead(bytes);
      case 'length':
      case 'chunk':
        return this.#takeData(bytes);
      case 'until-end':
        this.#sink.data(bytes);
        return bytes.subarray(bytes.length);
      case 'chunk-line':
        return this.#takeChunkLine(bytes);
      case 'chunk-end':
        return this.#takeChunkEnd(bytes);
      case 'trailers':
        return this.#takeTrailers(bytes);
      case 'over':
        return bytes;
    }
  }

  #takeHead(bytes: Buffer): Buffer {
    const whole = this.#block(bytes, '\r\n\r\n');
    if (whole === undefined) return bytes.subarray(bytes.length);
    const status = Number(/^HTTP\/1\.1 ([1-9]\d\d)(?: |\r|$)/.exec(whole.text)?.[1]);
    if (Number.isNaN(status)) throw new TypeError('what the application wrote is not an HTTP response');
    if (status === SWITCHING_PROTOCOLS) throw new TypeError('HTTP/2 knows no change of protocols');
    const head = headOf(whole.text);
    if (status < 200) this.#sink.informational(status, head.fields);
    else this.#begin(status, head);
    return whole.rest;
  }

  #begin(status: number, { fields, length, isChunked }: Head): void {
    const ends = this.#method === 'HEAD' || BODILESS.has(status) || (!isChunked && Number(length) === 0);
    this.#left = Number(length ?? 0);
    if (ends) this.#stage = 'over';
    else if (isChunked) this.#stage = 'chunk-line';
    else this.#stage = length === undefined ? 'until-end' : 'length';
    this.#sink.head(status, fields, ends, isChunked && !ends);
  }

  #takeData(bytes: Buffer): Buffer {
    const piece = bytes.subarray(0, this.#left);
    this.#left -= piece.length;
    this.#sink.data(piece);
    if (this.#left === 0) {
      if (this.#stage === 'length') this.#end([]);
      else this.#stage = 'chunk-end';
    }
    return bytes.subarray(piece.length);
  }

  #takeChunkLine(bytes: Buffer): Buffer {
    const end = bytes.indexOf(LF);
    this.#line += bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
    if (end === -1) return bytes.subarray(bytes.length);
    this.#left = Number.parseInt(this.#line, 16);
    this.#line = '';
    if (Number.isNaN(this.#left)) throw new TypeError('what the application wrote is not a chunked body');
    this.#stage = this.#left === 0 ? 'trailers' : 'chunk';
    return bytes.subarray(end + 1);
  }

  #takeChunkEnd(bytes: Buffer): Buffer {
    const end = bytes.indexOf(LF);
    if (end !== -1) this.#stage = 'chunk-line';
    return bytes.subarray(end === -1 ? bytes.length : end + 1);
  }

  /** No fields are an empty line alone. */
  #takeTrailers(bytes: Buffer): Buffer {
    const held = this.#held === undefined ? bytes : Buffer.concat([this.#held, bytes]);
    if (held.length < 2) {
      this.#held = held;
      return bytes.subarray(bytes.length);
    }
    if (held[0] === CR && held[1] === LF) {
      this.#end([]);
      return held.subarray(2);
    }
    this.#held = undefined;
    const whole = this.#block(held, '\r\n\r\n');
    if (whole === undefined) return bytes.subarray(bytes.length);
    this.#end(whole.text.split('\r\n').map(fieldOf));
    return whole.rest;
  }

  #end(trailers: DecodedFields): void {
    this.#stage = 'over';
    this.#sink.end(trailers);
  }

  /** The text before a mark, and what stands behind it, when it has come. */
  #block(bytes: Buffer, mark: string): { readonly text: string; readonly rest: Buffer } | undefined {
    const held = this.#held === undefined ? bytes : Buffer.concat([this.#held, bytes]);
    const end = held.indexOf(mark, 0, 'latin1');
    this.#held = end === -1 ? held : undefined;
    if (end === -1) return undefined;
    return { text: held.toString('latin1', 0, end), rest: held.subarray(end + mark.length) };
  }
}

const CR = 0x0d;
const LF = 0x0a;

interface Head {
  /** Without those of the connection. */
  readonly fields: DecodedFields;
  readonly length: string | undefined;
  readonly isChunked: boolean;
}

/** In one pass: it is read for every response. */
function headOf(text: string): Head {
  const fields: (readonly [name: string, value: string])[] = [];
  let length: string | undefined;
  let isChunked = false;
  for (let at = text.indexOf('\r\n'); at !== -1;) {
    const end = text.indexOf('\r\n', at + 2);
    const field = fieldOf(text.slice(at + 2, end === -1 ? text.length : end));
    const [name, value] = field;
    if (name === 'content-length') length ??= value;
    else if (name === 'transfer-encoding') isChunked ||= /chunked$/i.test(value);
    if (!OF_CONNECTIONS.has(name)) fields.push(field);
    at = end;
  }
  return { fields, length, isChunked };
}

function fieldOf(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
