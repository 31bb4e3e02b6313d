import { connect, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';
import { eventually } from '@gunicorn-ts/conformance';

/** A client that sends bytes as they are and remembers what came back. */
export class RawClient {
  readonly socket: Socket;
  /** All that has arrived, a character a byte. */
  received = '';
  /** The server has closed its side. */
  ended = false;
  closed = false;
  error: Error | undefined;

  /** Connects to a port of 127.0.0.1, or takes over a socket, which may be one of TLS. */
  constructor(target: number | Socket) {
    this.socket = typeof target === 'number' ? connect({ port: target, host: '127.0.0.1' }) : target;
    this.socket.setEncoding('latin1');
    this.socket.on('data', (chunk: string) => (this.received += chunk));
    this.socket.on('end', () => (this.ended = true));
    this.socket.on('close', () => (this.closed = true));
    this.socket.on('error', (error) => (this.error = error));
  }

  send(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** Waits until the text has arrived so many times; gives all that arrived. */
  async receives(text: string, times = 1): Promise<string> {
    await eventually(() => this.received.split(text).length > times, `"${text}"`);
    return this.received;
  }

  /** Waits until the server has closed the connection; gives all that arrived. */
  async closes(): Promise<string> {
    await eventually(() => this.closed || this.ended, 'the end of the connection');
    return this.received;
  }
}

/** A {@link RawClient} that goes with its test. */
export function rawClient(t: ExecutionContext<any>, target: number | Socket): RawClient {
  const client = new RawClient(target);
  t.teardown(() => void client.socket.destroy());
  return client;
}
