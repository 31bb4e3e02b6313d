import { connect } from 'node:net';

/** Long enough between attempts to leave the CPU to the server that is starting, in milliseconds. */
const RETRY_MS = 1;

export interface AnswerOptions {
  readonly port: number;
  readonly path?: string;
  /** Milliseconds until it is given up. */
  readonly timeoutMs: number;
}

/**
 * Connects, as often as it takes, and asks once. Resolves when the answer begins; rejects when it is
 * none of status 200.
 */
export async function firstAnswer({ port, path = '/', timeoutMs }: AnswerOptions): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (await answers(port, path, deadline)) return;
    if (performance.now() > deadline) throw new Error(`No answer on port ${port} in ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** False when nothing listens. */
function answers(port: number, path: string, deadline: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const leftMs = Math.max(1, deadline - performance.now());
    const timer = setTimeout(() => socket.destroy(new Error('No answer in time')), leftMs);
    socket.once('connect', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n`),
    );
    socket.once('data', (chunk) => {
      if (chunk.toString('latin1', 0, 12) === 'HTTP/1.1 200') resolve(true);
      else reject(new Error(`Not a success: ${chunk.toString('latin1')}`));
      socket.destroy();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') resolve(false);
      else reject(error);
    });
    socket.once('close', () => {
      clearTimeout(timer);
      reject(new Error('The connection was closed without an answer'));
    });
  });
}
