import { RequestFailure } from './failure.ts';

export interface ResponseHead {
  readonly status: number;
  /** Names in lower case; of repeated headers the last. */
  readonly headers: ReadonlyMap<string, string>;
  /** False after `Connection: close`, HTTP/1.0, or a body that only the end of the connection ends. */
  readonly keepAlive: boolean;
}

type State = 'head' | 'length' | 'chunk-size' | 'chunk-data' | 'trailers' | 'until-close' | 'done';

const END_OF_HEAD = '\r\n\r\n';

/**
 * Reads one HTTP/1.1 response to a GET, byte-exactly (RFC 9112): a client that guesses where an answer ends
 * cannot tell whether it lost a part of it.
 */
export class ResponseReader {
  head: ResponseHead | undefined;
  bodyBytes = 0;
  #state: State = 'head';
  #pending: Buffer = Buffer.alloc(0);
  /** Bytes left of the body (`length`), or of the chunk and its line end (`chunk-data`). */
  #left = 0;

  get done(): boolean {
    return this.#state === 'done';
  }

  /** Takes what arrived. Bytes behind the end of the response are an error: only one request was sent. */
  push(bytes: Buffer): void {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    while (this.#pending.length > 0 && this.#step());
  }

  /** The connection ended. True when that is a proper end of the response. */
  end(): boolean {
    if (this.#state === 'until-close') this.#state = 'done';
    return this.done;
  }

  /** Consumes a piece of what is pending; false when more bytes are needed. */
  #step(): boolean {
    switch (this.#state) {
      case 'head':
        return this.#readHead();
      case 'length':
        return this.#readBody('done');
      case 'until-close':
        this.#left = this.#pending.length;
        return this.#readBody('until-close');
      case 'chunk-size':
        return this.#readChunkSize();
      case 'chunk-data':
        return this.#readBody('chunk-size');
      case 'trailers':
        return this.#readTrailer();
      case 'done':
        throw new RequestFailure('malformed', `${this.#pending.length} bytes behind the end of the response`);
    }
  }

  #readHead(): boolean {
    const end = this.#pending.indexOf(END_OF_HEAD);
    if (end === -1) return false;
    const head = parseHead(this.#pending.toString('latin1', 0, end));
    this.#pending = this.#pending.subarray(end + END_OF_HEAD.length);
    if (head.status >= 100 && head.status < 200) return true;
    this.head = head;
    this.#chooseFraming(head);
    return true;
  }

  #chooseFraming({ status, headers }: ResponseHead): void {
    const length = headers.get('content-length');
    if (status === 204 || status === 304) this.#state = 'done';
    else if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') this.#state = 'chunk-size';
    else if (length === undefined) this.#state = 'until-close';
    else {
      if (!/^\d+$/.test(length)) throw new RequestFailure('malformed', `Content-Length: ${length}`);
      this.#left = Number(length);
      this.#state = this.#left === 0 ? 'done' : 'length';
    }
  }

  #readBody(next: State): boolean {
    const taken = Math.min(this.#left, this.#pending.length);
    this.#left -= taken;
    // Of a chunk, the last two bytes are its line end.
    this.bodyBytes += taken;
    this.#pending = this.#pending.subarray(taken);
    if (this.#left > 0) return false;
    if (this.#state === 'chunk-data') this.bodyBytes -= 2;
    this.#state = next;
    return true;
  }

  #readChunkSize(): boolean {
    const line = this.#takeLine();
    if (line === undefined) return false;
    if (!/^[0-9a-f]+(;.*)?$/i.test(line)) throw new RequestFailure('malformed', `Chunk size: ${line}`);
    const size = Number.parseInt(line, 16);
    this.#left = size + 2;
    this.#state = size === 0 ? 'trailers' : 'chunk-data';
    return true;
  }

  #readTrailer(): boolean {
    const line = this.#takeLine();
    if (line === '') this.#state = 'done';
    return line !== undefined;
  }

  #takeLine(): string | undefined {
    const end = this.#pending.indexOf('\r\n');
    if (end === -1) return undefined;
    const line = this.#pending.toString('latin1', 0, end);
    this.#pending = this.#pending.subarray(end + 2);
    return line;
  }
}

function parseHead(text: string): ResponseHead {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const match = /^HTTP\/1\.([01]) (\d{3})( |$)/.exec(statusLine);
  if (match === null) throw new RequestFailure('malformed', `Status line: ${statusLine}`);
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const framed = headers.has('content-length') || headers.has('transfer-encoding');
  const status = Number(match[2]);
  const close = /\bclose\b/i.test(headers.get('connection') ?? '');
  const bodiless = status === 204 || status === 304;
  return { status, headers, keepAlive: match[1] === '1' && !close && (framed || bodiless) };
}
