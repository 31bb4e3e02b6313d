import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyStore, RequestBody } from '@gunicorn-ts/wsgi';

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/**
 * Reads the body to its end: a WSGI application reads synchronously, and JavaScript cannot wait there.
 * Rejects when the client leaves before the end, and with a `BodyStoreError` when there is no room for the body: then
 * what still comes of it is read and dropped, so that the client can be told.
 */
export async function collectBody(request: IncomingMessage, store: BodyStore): Promise<RequestBody> {
  const collector = store.collect();
  const full = Promise.withResolvers<never>();
  const onData = (chunk: Buffer): void => {
    try {
      collector.append(chunk);
    } catch (error) {
      request.off('data', onData).resume();
      full.reject(error as Error);
    }
  };
  const settled = new AbortController();
  request.on('data', onData);
  try {
    const ended = request.readableEnded ? undefined : once(request, 'end', { signal: settled.signal });
    // What is not waited for any more may fail unseen.
    ended?.catch(() => undefined);
    await Promise.race([ended, full.promise]);
    return collector.finish();
  } catch (error) {
    collector.discard();
    throw error;
  } finally {
    settled.abort();
  }
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
