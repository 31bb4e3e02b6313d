import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export const LARGE_BYTES = 6_000_000;

/**
 * What the applications of the conformance suite do, whatever their kind. Returns the body of the answer.
 * - `/`: the process id.
 * - `/echo`: the body of the request.
 * - `/large`: more than a socket buffers.
 * - `/until?file=…`: waits for a file to appear.
 * - `/block?ms=…`: stops the event loop, a second later: a worker that has only just booted may not be watched yet.
 * - `/busy?ms=…`: leaves the event loop little air, but some.
 */
export async function route(
  target: string,
  requestBody: () => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { pathname, searchParams } = new URL(target, 'http://localhost');
  process.stderr.write(`serving ${pathname} in ${process.pid}\n`);
  const ms = Number(searchParams.get('ms'));
  switch (pathname) {
    case '/echo':
      return requestBody();
    case '/large':
      return new Uint8Array(LARGE_BYTES).fill(120);
    case '/until':
      while (!existsSync(searchParams.get('file') ?? '')) await wait(10);
      return bytes('done');
    case '/block':
      await wait(1000);
      blockTheLoop(ms);
      return bytes('unblocked');
    case '/busy':
      for (const end = performance.now() + ms; performance.now() < end; await wait(1)) blockTheLoop(50);
      return bytes('still here');
    default:
      return bytes(String(process.pid));
  }
}

export function blockTheLoop(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
