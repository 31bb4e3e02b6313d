import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * Writes a `Response` whose body is a stream. Waits for slow clients, cancels the stream of one that has
 * left, and rejects when the stream breaks.
 */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  const { body } = response;
  if (body === null || outgoing.req.method === 'HEAD' || outgoing.destroyed) {
    void body?.cancel().catch(() => undefined);
    writeHead(response, outgoing);
    outgoing.end();
    return;
  }
  const reader: Reader = body.getReader();
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  outgoing.once('close', cancel);
  const first = reader.read();
  // A stream that breaks before it gives anything is still answered with 500, but one that only waits
  // for events must not hold back its head.
  const early = await Promise.race([first, nextTurn(undefined)]);
  if (outgoing.destroyed) return;
  writeHead(response, outgoing);
  if (early === undefined) outgoing.flushHeaders();
  await pump(reader, await first, outgoing);
  outgoing.end();
}

async function pump(
  reader: Reader,
  first: Awaited<ReturnType<Reader['read']>>,
  outgoing: ServerResponse,
): Promise<void> {
  for (let result = first; !result.done && !outgoing.destroyed; result = await reader.read()) {
    if (!outgoing.write(result.value)) await writable(outgoing);
  }
}

/** Resolves when the client has read on, or is gone. */
async function writable(outgoing: ServerResponse): Promise<void> {
  if (outgoing.destroyed) return;
  const settled = new AbortController();
  const options = { signal: settled.signal };
  await Promise.race([once(outgoing, 'drain', options), once(outgoing, 'close', options)]);
  settled.abort();
}

function writeHead(response: Response, outgoing: ServerResponse): void {
  if (response.statusText !== '') outgoing.statusMessage = response.statusText;
  outgoing.writeHead(response.status, [...response.headers].flat());
}
