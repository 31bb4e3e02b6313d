import type { Logger } from '@gunicorn-ts/interface';

/** Remembers what was logged. */
export function logged(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const log = new Proxy({}, { get: () => (line: string) => void lines.push(line) }) as Logger;
  return { log, lines };
}
