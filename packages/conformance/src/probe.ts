import { request } from './request.ts';

/**
 * Sends one request and waits for any answer. The sockets listen before a worker is ready, so the kernel
 * holds the request until one is; a server that ends instead rejects this at once.
 */
export async function probe(url: string, timeoutMs: number, ended: Promise<unknown>): Promise<void> {
  const stillborn = ended.then((exit) => {
    throw new Error(`The server ended before it answered: ${JSON.stringify(exit)}`);
  });
  await Promise.race([request(url, { timeoutMs, insecure: true }), stillborn]);
}
