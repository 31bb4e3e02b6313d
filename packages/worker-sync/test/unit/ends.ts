import { closeSync } from 'node:fs';
import type { Logger } from '@gunicorn-ts/interface';
import { FixedBuffer, openSocketPair, receive, transmitBytes, WOULD_BLOCK } from '@gunicorn-ts/posix';
import type { ExecutionContext } from 'ava';
import { Connection } from '../../src/connection.ts';

/** The client's end of a connection, without a Node socket in between. */
export class ClientEnd {
  readonly fd: number;
  readonly #inbox = new FixedBuffer(1024 * 1024);
  #open = true;

  constructor(fd: number) {
    this.fd = fd;
  }

  send(text: string): void {
    transmitBytes(this.fd, Buffer.from(text, 'latin1'));
  }

  /** What has arrived; `undefined` once the other side has closed and nothing is left. */
  read(): string | undefined {
    let text = '';
    for (;;) {
      const bytes = receive(this.fd, this.#inbox);
      if (bytes === WOULD_BLOCK) return text;
      if (bytes === 0) return text === '' ? undefined : text;
      text += this.#inbox.bytes.toString('latin1', 0, bytes);
    }
  }

  close(): void {
    if (this.#open) closeSync(this.fd);
    this.#open = false;
  }
}

/** A connection and its client. */
export function connected(t: ExecutionContext): { client: ClientEnd; connection: Connection } {
  const [far, fd] = openSocketPair();
  const client = new ClientEnd(far);
  t.teardown(() => client.close());
  const listener = { fd: -1, address: { kind: 'unix', path: '' }, url: 'unix:' } as const;
  return { client, connection: new Connection(fd, { host: '203.0.113.7', port: 4000 }, listener) };
}

/** Remembers what was logged. */
export function logged(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const log = new Proxy({}, { get: () => (line: string) => void lines.push(line) }) as Logger;
  return { log, lines };
}
