import type { AsgiCall, AsgiHead, AsgiResponse } from '@gunicorn-ts/interface';
import type { Answer, Settling } from '../direct/answer.ts';
import { FileResponse } from './file-response.ts';

const LOST = { 502: 'Bad Gateway', 504: 'Gateway Timeout' } as const;

/** Sends what a gateway says, and settles when the response is complete. */
export class AsgiResponder implements AsgiResponse, Settling {
  call: AsgiCall | undefined;
  readonly #answer: Answer;
  #succeed: (() => void) | undefined;
  #fail: ((error: unknown) => void) | undefined;
  #isOver = false;
  #failure: unknown;
  #waitsForClient = false;

  constructor(answer: Answer) {
    this.#answer = answer;
    answer.onAbandoned = () => this.#abandon();
  }

  onSettled(succeed: () => void, fail: (error: unknown) => void): void {
    this.#succeed = succeed;
    this.#fail = fail;
    // The gateway may have answered at once.
    if (this.#isOver) this.#settle();
  }

  respond({ status, headers }: AsgiHead, body: Uint8Array): void {
    if (this.#isOver) return;
    const answer = this.#answer;
    const isForHead = answer.head.method === 'HEAD';
    try {
      answer.begin({ status, headers, bodyLength: isForHead ? undefined : body.length });
      answer.write(body);
      answer.end(true);
    } catch (error) {
      this.#finish(error);
      return;
    }
    this.#finish();
  }

  begin({ status, headers }: AsgiHead): void {
    if (this.#isOver) return;
    try {
      this.#answer.begin({ status, headers });
      this.#answer.flush();
    } catch (error) {
      this.#finish(error);
    }
  }

  hint(headers: AsgiHead['headers']): void {
    if (!this.#isOver) this.#answer.hint(headers);
  }

  write(piece: Uint8Array): boolean {
    if (this.#isOver) return true;
    const answer = this.#answer;
    answer.write(piece);
    answer.flush();
    if (answer.isDrained) return true;
    if (!this.#waitsForClient) {
      this.#waitsForClient = true;
      void answer.drained().then(() => {
        this.#waitsForClient = false;
        if (!this.#isOver) this.call?.drained();
      });
    }
    return false;
  }

  end(trailers?: AsgiHead['headers']): void {
    if (this.#isOver) return;
    try {
      const missing = this.#answer.end(false, trailers);
      this.#finish(missing > 0 ? tooShort(missing) : undefined);
    } catch (error) {
      this.#finish(error);
    }
  }

  async sendFile(head: AsgiHead | undefined, path: string | Uint8Array): Promise<void> {
    const file = await FileResponse.open(path);
    if (this.#isOver) return file.close();
    const over = file.send(this.#answer, head);
    void over.then(
      (missing) => !this.#isOver && this.#finish(missing > 0 ? tooShort(missing) : undefined),
      (error: unknown) => !this.#isOver && this.#finish(error),
    );
  }

  fail(error: Error): void {
    if (!this.#isOver) this.#finish(error);
  }

  lose(error: Error, status: 502 | 504): void {
    if (this.#isOver) return;
    if (this.#answer.begun) this.#finish(error);
    else this.respond({ status, headers: [['Content-Type', 'text/plain']] }, Buffer.from(LOST[status]));
  }

  #abandon(): void {
    if (this.#isOver) return;
    this.#finish();
    this.call?.abandon();
  }

  /** All is said, from the one side or the other. */
  protected get isOver(): boolean {
    return this.#isOver;
  }

  protected finish(failure?: Error): void {
    this.#finish(failure);
  }

  #finish(failure?: unknown): void {
    this.#isOver = true;
    this.#failure = failure;
    if (this.#succeed !== undefined) this.#settle();
  }

  #settle(): void {
    if (this.#failure === undefined) this.#succeed?.();
    else this.#fail?.(this.#failure);
  }
}

function tooShort(missing: number): Error {
  return new Error(`The response is ${missing} bytes shorter than its Content-Length`);
}
