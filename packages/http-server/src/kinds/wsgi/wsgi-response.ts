import { fstatSync } from 'node:fs';
import type { WsgiBody, WsgiStartResponse } from '@gunicorn-ts/interface';
import { filePosition } from '@gunicorn-ts/posix';
import { checkedChunk, FileWrapper, ResponseStart, type StartedResponse } from '@gunicorn-ts/wsgi';
import type { Answer } from '../direct/answer.ts';

/** One response of a WSGI application: `start_response`, `write`, and the body that was returned. */
export class WsgiResponse implements StartedResponse {
  readonly #answer: Answer;
  readonly #start: ResponseStart;

  constructor(answer: Answer) {
    this.#answer = answer;
    this.#start = new ResponseStart(this);
  }

  get begun(): boolean {
    return this.#answer.begun;
  }

  get startResponse(): WsgiStartResponse {
    return this.#start.startResponse;
  }

  /** `wsgi.early_hints`: a 103 response before the real one. */
  readonly earlyHints = (headers: readonly (readonly [string, string])[]): void => {
    this.#answer.hint(headers);
  };

  /** The `write` of PEP 3333, whose chunk the application may use again at once. */
  write(chunk: Uint8Array): void {
    this.#write(chunk.slice());
  }

  /** Sends the body to its end. A promise only when the body or the client make it wait. */
  send(body: WsgiBody): void | Promise<void> {
    const { close } = body;
    if (Array.isArray(body)) return this.#sendWhole(body as readonly unknown[], close === undefined);
    if (body instanceof FileWrapper && this.#sendFile(body)) return undefined;
    if (Symbol.asyncIterator in body) return this.#sendStream(body);
    return this.#sendIterable((body as Iterable<Uint8Array>)[Symbol.iterator]());
  }

  /** All is known, so there is a length, and nothing is held back by sending it at once. */
  #sendWhole(chunks: readonly unknown[], isLast: boolean): void {
    let size = 0;
    for (const chunk of chunks) size += checkedChunk(chunk).length;
    this.#begin(size);
    for (const chunk of chunks) this.#answer.write(chunk as Uint8Array);
    this.#end(isLast);
  }

  #sendIterable(chunks: Iterator<Uint8Array>): void | Promise<void> {
    const answer = this.#answer;
    for (let next = chunks.next(); next.done !== true; next = chunks.next()) {
      this.#write(checkedChunk(next.value));
      if (this.#answer.unwanted) {
        chunks.return?.();
        break;
      }
      if (!answer.isDrained) return answer.drained().then(() => this.#goOn(chunks));
    }
    this.#begin();
    this.#end();
  }

  /** Asks for no further chunk when the client was given up meanwhile. */
  #goOn(chunks: Iterator<Uint8Array>): void | Promise<void> {
    if (!this.#answer.unwanted) return this.#sendIterable(chunks);
    chunks.return?.();
    this.#end();
    return undefined;
  }

  async #sendStream(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const answer = this.#answer;
    for await (const chunk of chunks) {
      this.#write(checkedChunk(chunk));
      if (!answer.isDrained) await answer.drained();
      if (this.#answer.unwanted) break;
    }
    this.#begin();
    this.#end();
  }

  /** From the file's position to its end, or to the Content-Length. False for what is no file. */
  #sendFile(body: FileWrapper): boolean {
    const { fd } = body;
    if (fd === undefined || !this.#answer.sendsFiles || this.begun) return false;
    const status = fstatSync(fd);
    if (!status.isFile()) return false;
    const rest = Math.max(0, status.size - filePosition(fd));
    this.#begin(rest);
    this.#answer.writeFile(fd, rest);
    this.#end();
    return true;
  }

  #write(chunk: Uint8Array): void {
    // PEP 3333: the head waits for the first byte of the body.
    if (chunk.length === 0) return;
    this.#begin();
    this.#answer.write(chunk);
    this.#answer.flush();
  }

  #begin(bodyLength?: number): void {
    if (this.#answer.begun) return;
    const { status, headers } = this.#start;
    this.#answer.begin({ status: status.code, reason: status.reason, headers, bodyLength });
  }

  #end(isLast = false): void {
    const missing = this.#answer.end(isLast);
    if (missing > 0 && !this.#answer.gone) {
      throw new Error(`The response is ${missing} bytes shorter than its Content-Length`);
    }
  }
}
