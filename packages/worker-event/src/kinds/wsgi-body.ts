import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyCollector, type RequestBody } from '@gunicorn-ts/wsgi';

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/**
 * Reads the body to its end: a WSGI application reads synchronously, and JavaScript cannot wait there.
 * Rejects when the client leaves before the end, or when a large body cannot be stored.
 */
export async function collectBody(request: IncomingMessage): Promise<RequestBody> {
  const collector = new BodyCollector();
  request.on('data', (chunk: Buffer) => {
    try {
      collector.append(chunk);
    } catch (error) {
      request.destroy(error as Error);
    }
  });
  try {
    if (!request.readableEnded) await once(request, 'end');
  } catch (error) {
    collector.discard();
    throw error;
  }
  return collector.finish();
}

/**
 * The body as it arrives. Before somebody iterates nothing is read, and a client that waits for a word is not
 * told to go on; then no more is read than the iteration takes.
 */
export function streamBody(request: IncomingMessage, response: ServerResponse): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const waits = request.headers.expect !== undefined && request.httpVersionMinor > 0;
      if (waits && !response.headersSent) response.writeContinue();
      // To leave the iteration is not to hang up: the response still has to be sent.
      return request.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
    },
  };
}
