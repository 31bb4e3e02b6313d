import type { Socket } from 'node:net';

/** Several times what the longest answer takes, which is that of a configuration file. */
const MOST_HELD_BYTES = 16 * 2 ** 20;
const LINE_END = 0x0a;

/**
 * Gives the lines that arrive, until something comes that `onLine` throws for, or that has no end: then the socket is
 * closed, and `onStray` told in words what came. An exception from here would end the worker, and in the arbiter it
 * would come again with each piece.
 */
export function readLines(
  socket: Socket,
  onLine: (line: string) => void,
  onStray: (found: string) => void,
): void {
  let held: Buffer[] = [];
  let length = 0;
  const take = (chunk: Buffer): void => {
    let start = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, start)) {
      const part = chunk.subarray(start, end);
      const line = held.length === 0 ? part : Buffer.concat([...held, part]);
      held = [];
      length = 0;
      start = end + 1;
      onLine(line.toString('utf8'));
    }
    if (start === chunk.length) return;
    held.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > MOST_HELD_BYTES) throw new EndlessLine();
  };
  socket.on('data', (chunk: Buffer) => {
    try {
      take(chunk);
    } catch (error) {
      held = [];
      socket.destroy();
      onStray(error instanceof EndlessLine ? error.message : 'what is no message of its program');
    }
  });
}

class EndlessLine extends Error {
  constructor() {
    super(`${MOST_HELD_BYTES / 2 ** 20} MiB without a line end`);
  }
}
