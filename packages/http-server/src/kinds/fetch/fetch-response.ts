import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Answer } from '../direct/answer.ts';
import { signalOf } from '../direct/abandonment.ts';
import { LightResponse } from './light-response.ts';

type Reader = ReadableStreamDefaultReader<Uint8Array>;
type Piece = Awaited<ReturnType<Reader['read']>>;

/** Sends a `Response`. A promise only when its body is a stream. */
export function sendResponse(answer: Answer, response: Response): void | Promise<void> {
  // An application may have put another class in the place of the global one.
  if (!LightResponse.isResponse(response) && !((response as unknown) instanceof Response)) {
    throw new TypeError(notAResponse(response));
  }
  const body = LightResponse.bodyOf(response);
  if (body === false) return sendStream(answer, response);
  const bodyLength = typeof body === 'string' ? utf8Length(body) : (body?.length ?? 0);
  const { status, statusText } = response;
  answer.begin({
    status,
    reason: statusText === '' ? undefined : statusText,
    headers: LightResponse.headersOf(response),
    bodyLength,
  });
  if (typeof body === 'string') answer.writeText(body, bodyLength);
  else if (body !== undefined) answer.write(body);
  end(answer, true);
}

/** Up to so many characters a loop is done before a call of Node's has begun. */
const SHORT_TEXT = 64;

function utf8Length(text: string): number {
  if (text.length > SHORT_TEXT) return Buffer.byteLength(text);
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) return Buffer.byteLength(text);
  }
  return text.length;
}

async function sendStream(answer: Answer, response: Response): Promise<void> {
  const { body } = response;
  if (response.bodyUsed) throw new TypeError('The body of the response was read before it could be sent');
  if (body === null || answer.head.method === 'HEAD') {
    void body?.cancel().catch(() => undefined);
    begin(answer, response, body === null ? 0 : undefined);
    end(answer);
    return;
  }
  const reader: Reader = body.getReader();
  // Whatever makes the stream is told when nobody wants the rest.
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  signalOf(answer).addEventListener('abort', cancel, { once: true });
  const first = reader.read();
  // A stream that breaks before it gives anything is still answered with a 500, but one that only waits for events
  // must not hold back its head.
  const early = await Promise.race([first, nextTurn(undefined)]);
  begin(answer, response);
  if (early === undefined) answer.flush();
  await pump(answer, reader, await first);
  end(answer);
}

function begin(answer: Answer, response: Response, bodyLength?: number): void {
  const { status, statusText, headers } = response;
  answer.begin({
    status,
    reason: statusText === '' ? undefined : statusText,
    headers: [...headers],
    bodyLength,
  });
}

async function pump(answer: Answer, reader: Reader, first: Piece): Promise<void> {
  for (let piece = first; !piece.done; piece = await reader.read()) {
    answer.write(piece.value);
    answer.flush();
    if (!answer.isDrained) await answer.drained();
    if (answer.unwanted) {
      await reader.cancel();
      return;
    }
  }
}

function end(answer: Answer, isLast = false): void {
  const missing = answer.end(isLast);
  if (missing > 0 && !answer.gone) {
    throw new Error(`The response is ${missing} bytes shorter than its Content-Length`);
  }
}

function notAResponse(value: unknown): string {
  const found = value === null ? 'null' : typeof value;
  return `A fetch application returns a Response, but this one returned ${found}`;
}
