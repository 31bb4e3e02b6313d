import { RequestError } from './errors.ts';
import { FieldBlock } from './field-block.ts';
import { HeadReader } from './head-reader.ts';
import type { ConnectionInfo } from './head-verdict.ts';
import type { HeaderFields } from './header-fields.ts';
import { HttpRules } from './http-rules.ts';
import { Input } from './input.ts';
import type { RequestHead } from './request-head.ts';
import { checkTrailers } from './trailers.ts';

/** A header list as frames carry it: names and values by turns, pseudo-header fields first. */
export type RawFields = readonly string[];

/** What an HTTP/2 stream is to the rules. */
export interface StreamInfo extends ConnectionInfo {
  /** Whether the head does not end the stream. */
  readonly hasBody: boolean;
}

/** What the pseudo-header fields say (RFC 9113 §8.3.1). */
interface RequestLineFields {
  method: string;
  path: string;
  scheme: string;
  authority: string | undefined;
}

/**
 * Reads the heads of HTTP/2 requests under the rules of HTTP/1: the header list is written down as an HTTP/1 client
 * would have sent it, and read by the same reader. So every limit and every refusal means the same in both.
 */
export class Http2HeadReader {
  readonly #rules: HttpRules;
  /** A head is read at once: one reader is enough for all streams. */
  readonly #heads: HeadReader;

  constructor(rules: HttpRules) {
    this.#rules = new HttpRules({
      ...rules.policy,
      permitUnconventionalHttpVersion: true,
      proxyProtocol: 'off',
      servesHttp1: true,
      priorKnowledge: false,
    });
    this.#heads = new HeadReader(this.#rules);
  }

  /** @throws {RequestError} when the request must be refused */
  read(raw: RawFields, stream: StreamInfo): RequestHead {
    const { line, lines, isMeasured } = written(raw);
    const { method, path, scheme, authority } = line;
    // RFC 9113 §8.5: a CONNECT has no path; what HTTP/1 calls its target is the authority.
    const target = method === 'CONNECT' ? (authority ?? '') : path;
    const host = authority === undefined ? '' : `host: ${authority}\r\n`;
    // Body parsers take a request without either field for one without a body.
    const framing = stream.hasBody && !isMeasured ? 'transfer-encoding: chunked\r\n' : '';
    const input = inputOf(`${method} ${target} HTTP/2.0\r\n${host}${lines}${framing}\r\n`);
    // A proxy in front of TLS says by it what its client spoke, as by X-Forwarded-Proto.
    const secure = stream.secure || (scheme === 'https' && this.#rules.trustsForwarder(stream.address));
    const { address } = stream;
    let head: RequestHead | undefined;
    try {
      head = this.#heads.read(input, { address, secure });
    } finally {
      // What is refused leaves it in the middle.
      if (head === undefined) this.#heads.clear();
    }
    if (head === undefined || input.held > 0) throw new RequestError('request-line');
    return head;
  }

  /** @throws {RequestError} */
  readTrailers(raw: RawFields): HeaderFields {
    const input = inputOf(written(raw).lines);
    const block = new FieldBlock(this.#rules);
    while (input.at < input.end) {
      const lf = input.findLineEnd(this.#rules.fieldSizeLimit, 'field-too-long');
      block.add(input, lf, undefined);
      input.at = lf + 1;
    }
    const trailers = block.fields(input.bytes.toString('latin1', 0, input.end));
    checkTrailers(trailers);
    return trailers;
  }
}

/** A header list as HTTP/1 has it. */
interface WrittenFields {
  readonly line: RequestLineFields;
  readonly lines: string;
  /** Whether there is a Content-Length. */
  readonly isMeasured: boolean;
}

/** @throws {RequestError} */
function written(raw: RawFields): WrittenFields {
  const line: RequestLineFields = { method: '', path: '', scheme: '', authority: undefined };
  const cookies: string[] = [];
  let host: string | undefined;
  let lines = '';
  let isMeasured = false;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!;
    const value = raw[at + 1]!;
    // What would end a line here has come past whoever decoded the frames, and is no text of a field.
    if (LINE_BREAK.test(value)) throw new RequestError('field-value');
    if (name === ':method') line.method = value;
    else if (name === ':path') line.path = value;
    else if (name === ':scheme') line.scheme = value;
    else if (name === ':authority') line.authority = value;
    // RFC 9113 §8.2.3: a client may split it, to have it compressed; those behind the server know one line.
    else if (name === 'cookie') cookies.push(value);
    else if (name === 'host') host = value;
    // RFC 9113 §8.2.2: such a message is malformed.
    else if (name === 'transfer-encoding') throw new RequestError('transfer-encoding');
    else {
      isMeasured ||= name === 'content-length';
      lines += `${name}: ${value}\r\n`;
    }
  }
  // RFC 9113 §8.3.1: two answers to whom it is for are none.
  if (host !== undefined && line.authority !== undefined && host !== line.authority) {
    throw new RequestError('host');
  }
  line.authority ??= host;
  if (cookies.length > 0) lines += `cookie: ${cookies.join('; ')}\r\n`;
  return { line, lines, isMeasured };
}

const LINE_BREAK = /[\r\n\0]/;

function inputOf(text: string): Input {
  const input = new Input();
  const bytes = Buffer.from(text, 'latin1');
  input.push(bytes, bytes.length);
  return input;
}
