import { connectionOptions } from './head-verdict.ts';
import { HttpDate } from './http-date.ts';
import { RecentHeads, termsOf } from './recent-heads.ts';
import type { AnsweredRequest, ResponseDraft, ResponseFraming, ResponseHead } from './response-draft.ts';
import { readResponseLength } from './response-length.ts';
import { checkResponseValue, responseFieldRole, type ResponseHeaders } from './response-field.ts';
import { checkStatus, isBodiless, reasonPhrase } from './status.ts';

/** What the `Server` header says where nobody wants it otherwise. */
export const DEFAULT_SERVER: string = 'gunicorn';

/** What the application's headers say, apart from the lines that are passed on. */
interface ReadHeaders {
  lines: string;
  length: number | undefined;
  upgrade: string | undefined;
  close: boolean;
}

/**
 * Writes response heads: status line, `Server`, `Date`, `Connection`, framing, then the application's
 * headers in their order and spelling. The version is always HTTP/1.1, the server's own (RFC 9110 §6.2).
 */
export class ResponseHeadWriter {
  readonly #server: string;
  readonly #date: HttpDate;
  readonly #recent = new RecentHeads();
  #dateText = '';
  #common = '';

  /**
   * @param server value of the `Server` header; the empty text sends none
   * @param now milliseconds since 1970
   */
  constructor(server: string = DEFAULT_SERVER, now: () => number = Date.now) {
    this.#server = server === '' ? '' : `Server: ${server}\r\n`;
    this.#date = new HttpDate(now);
  }

  /**
   * @param close the server wants the connection closed, whatever the client asked for
   * @throws {ResponseError} when the application gave what cannot be sent; answer with a 500 then
   */
  write(request: AnsweredRequest, draft: ResponseDraft, close: boolean): ResponseHead {
    const common = this.#commonLines();
    const terms = termsOf(request, close);
    const known = this.#recent.find(terms, draft, common);
    if (known !== undefined) return known;
    const head = compose(request, draft, close, common);
    this.#recent.keep(terms, draft, common, head);
    return head;
  }

  #commonLines(): string {
    const date = this.#date.text;
    if (date !== this.#dateText) {
      this.#dateText = date;
      this.#common = `${this.#server}Date: ${date}\r\n`;
    }
    return this.#common;
  }
}

/** @throws {ResponseError} */
function compose(
  request: AnsweredRequest,
  draft: ResponseDraft,
  close: boolean,
  common: string,
): ResponseHead {
  const { status } = draft;
  const reason = draft.reason ?? reasonPhrase(status);
  checkStatus(status, reason);
  const tunnel = status === 101 || (request.method === 'CONNECT' && status >= 200 && status < 300);
  const read = readHeaders(draft.headers, status, tunnel);
  const bodiless = tunnel || request.method === 'HEAD' || isBodiless(status);
  // RFC 9110 §8.6: it would be that of the 200 that was not sent, which nobody knows.
  const isUnknown = status === 304 || (request.method === 'HEAD' && draft.bodyLength === 0);
  if (
    read.length === undefined &&
    draft.bodyLength !== undefined &&
    !isUnknown &&
    mayTellLength(status, tunnel)
  ) {
    read.length = draft.bodyLength;
    read.lines += `Content-Length: ${draft.bodyLength}\r\n`;
  }
  const framing = bodiless ? 'none' : chooseFraming(request.version, read.length);
  const keepAlive = !close && !read.close && request.keepAlive && framing !== 'close' && !tunnel;
  const connection = connectionValue(status, keepAlive, read.upgrade);
  const coding = framing === 'chunked' ? 'Transfer-Encoding: chunked\r\n' : '';
  const text = `HTTP/1.1 ${status} ${reason}\r\n${common}Connection: ${connection}\r\n${coding}${read.lines}\r\n`;
  const length = framing === 'length' ? (read.length ?? 0) : 0;
  return { text, bytes: undefined, status, framing, length, keepAlive };
}

function readHeaders(headers: ResponseHeaders, status: number, tunnel: boolean): ReadHeaders {
  const read: ReadHeaders = { lines: '', length: undefined, upgrade: undefined, close: false };
  for (const [name, value] of headers) {
    const role = responseFieldRole(name);
    checkResponseValue(name, value);
    switch (role) {
      case 'plain':
        read.lines += `${name}: ${value}\r\n`;
        break;
      case 'content-length':
        readLength(read, name, value, mayTellLength(status, tunnel));
        break;
      case 'connection':
        read.close ||= connectionOptions([value]).includes('close');
        break;
      case 'upgrade':
        // RFC 9110 §7.8: part of a 101 and of a 426; anywhere else it would be an offer nobody made.
        if (status === 101 || status === 426) {
          read.upgrade = value;
          read.lines += `${name}: ${value}\r\n`;
        }
        break;
      case 'dropped':
        break;
    }
  }
  return read;
}

function readLength(read: ReadHeaders, name: string, value: string, told: boolean): void {
  const repeats = read.length !== undefined;
  const length = readResponseLength(value, read.length);
  if (told && !repeats) read.lines += `${name}: ${length}\r\n`;
  read.length = length;
}

/** RFC 9110 §8.6: a 1xx, a 204 and an accepted CONNECT must not have a Content-Length; a 304 and HEAD may. */
function mayTellLength(status: number, tunnel: boolean): boolean {
  return !tunnel && status >= 200 && status !== 204;
}

function chooseFraming(version: number, length: number | undefined): ResponseFraming {
  if (length !== undefined) return 'length';
  return version >= 11 ? 'chunked' : 'close';
}

function connectionValue(status: number, keepAlive: boolean, upgrade: string | undefined): string {
  if (status === 101) return 'upgrade';
  const fate = keepAlive ? 'keep-alive' : 'close';
  return upgrade === undefined ? fate : `upgrade, ${fate}`;
}
