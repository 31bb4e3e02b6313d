import http from 'node:http';
import https from 'node:https';

/**
 * Sends one request and waits for any answer. The sockets listen before a worker is ready, so the kernel
 * holds the request until one is; a server that ends instead rejects this at once.
 */
export async function probe(url: string, timeoutMs: number, ended: Promise<unknown>): Promise<void> {
  const options = url.startsWith('unix:')
    ? { socketPath: url.slice('unix:'.length), path: '/' }
    : { ...target(new URL(url)), rejectUnauthorized: false };
  const send = url.startsWith('https:') ? https.request : http.request;
  const abort = new AbortController();
  const answer = new Promise<void>((resolve, reject) => {
    const request = send({ ...options, agent: false, timeout: timeoutMs, signal: abort.signal });
    request.on('response', (response) => {
      response.resume();
      response.on('end', resolve);
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error(`No answer from ${url} within ${timeoutMs} ms`)));
    request.on('error', reject);
    request.end();
  });
  const stillborn = ended.then((exit) => {
    throw new Error(`The server ended before it answered: ${JSON.stringify(exit)}`);
  });
  try {
    await Promise.race([answer, stillborn]);
  } finally {
    abort.abort();
    answer.catch(() => {});
    stillborn.catch(() => {});
  }
}

function target({ hostname, port }: URL): http.RequestOptions {
  return { host: hostname.replace(/^\[|\]$/g, ''), port, path: '/' };
}
