import type { Exchange } from '../exchange.ts';
import { LightResponse } from './light-response.ts';

type Reader = ReadableStreamDefaultReader<Uint8Array>;
type Piece = Awaited<ReturnType<Reader['read']>>;

/** Sends a `Response`. A promise only when its body is a stream. */
export function sendResponse(exchange: Exchange, response: Response): void | Promise<void> {
  if (!(response instanceof Response)) throw new TypeError(notAResponse(response));
  const body = LightResponse.bodyOf(response);
  if (body === false) return sendStream(exchange, response);
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  exchange.begin({
    status: response.status,
    reason: response.statusText === '' ? undefined : response.statusText,
    headers: LightResponse.headersOf(response),
    bodyLength: bytes?.length ?? 0,
  });
  if (bytes !== undefined) exchange.write(bytes);
  end(exchange, true);
}

async function sendStream(exchange: Exchange, response: Response): Promise<void> {
  const { body } = response;
  if (response.bodyUsed) throw new TypeError('The body of the response was read before it could be sent');
  const reader = body?.getReader();
  // A stream that breaks before it gives anything is still answered with a 500.
  const first = await reader?.read();
  exchange.begin({
    status: response.status,
    reason: response.statusText === '' ? undefined : response.statusText,
    headers: [...response.headers],
    bodyLength: reader === undefined ? 0 : undefined,
  });
  if (reader !== undefined && first !== undefined) await pump(exchange, reader, first);
  end(exchange);
}

/** Whatever makes the stream is told when nobody wants the rest. */
async function pump(exchange: Exchange, reader: Reader, first: Piece): Promise<void> {
  for (let piece = first; !piece.done; piece = await reader.read()) {
    exchange.write(piece.value);
    exchange.outbox.flush();
    if (!exchange.outbox.empty) await exchange.outbox.drained();
    if (exchange.unwanted) {
      await reader.cancel();
      return;
    }
  }
}

function end(exchange: Exchange, isLast = false): void {
  const missing = exchange.end(isLast);
  if (missing > 0 && !exchange.outbox.gone) {
    throw new Error(`The response is ${missing} bytes shorter than its Content-Length`);
  }
}

function notAResponse(value: unknown): string {
  const found = value === null ? 'null' : typeof value;
  return `A fetch application returns a Response, but this one returned ${found}`;
}
