import type { IncomingMessage } from 'node:http';

/**
 * Calls `exceeded` once when more than `limit` bytes of a body arrive that did not say how long it is. What
 * is beyond never reaches the application.
 */
export function limitBody(request: IncomingMessage, limit: number, exceeded: () => void): void {
  const { push } = request;
  let left = limit;
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding): boolean => {
    if (left < 0) return true;
    left -= chunk?.length ?? 0;
    if (left >= 0) return push.call(request, chunk, encoding);
    exceeded();
    return true;
  };
}
