import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AccessRecord } from '@gunicorn-ts/interface';
import { CLIENT_CLOSED_REQUEST, headerIn } from '../observe/head-text.ts';

/** A connection that the application took over with `Upgrade` or `CONNECT`. */
export class Upgrade {
  readonly socket: Duplex;
  readonly #request: IncomingMessage;
  readonly #startedAt: number = performance.now();
  /** An earlier request on the same connection may have been answered. */
  readonly #bytesBefore: number;
  #head = '';
  /** What it counts as when the server ends it before the application has answered. */
  cutAs: number = CLIENT_CLOSED_REQUEST;

  constructor(request: IncomingMessage, socket: Duplex) {
    this.#request = request;
    this.socket = socket;
    this.#bytesBefore = request.socket.bytesWritten;
  }

  /** Whether the application wrote anything: its response, at least. */
  get answered(): boolean {
    return this.#bytesWritten > 0;
  }

  get isWebSocket(): boolean {
    const { headers, method } = this.#request;
    return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
  }

  /** Looks at the first thing that is written: the response head, which nobody else tells. */
  watchHead(): void {
    const { socket } = this;
    // Node remembers a peer address that was asked for, and cannot tell it once the client is gone.
    void this.#request.socket.remoteAddress;
    for (const method of ['write', 'end'] as const) {
      const original = socket[method].bind(socket) as (...parameters: unknown[]) => never;
      socket[method] = (...parameters: unknown[]) => {
        Reflect.deleteProperty(socket, 'write');
        Reflect.deleteProperty(socket, 'end');
        this.#head = headOf(parameters[0]);
        return original(...parameters);
      };
    }
  }

  /** For the access log, once the connection is closed. */
  record(): AccessRecord {
    const [, status] = /^HTTP\/1\.\d (\d{3})/.exec(this.#head) ?? [];
    const { method = '', url = '', httpVersion, headers, socket } = this.#request;
    return {
      remoteAddress: socket.remoteAddress ?? '',
      method,
      target: url,
      protocol: `HTTP/${httpVersion}`,
      requestHeader: (name) => joined(headers[name.toLowerCase()]),
      status: status === undefined ? this.cutAs : Number(status),
      bytes: Math.max(0, this.#bytesWritten - this.#head.length),
      durationMs: performance.now() - this.#startedAt,
      responseHeader: (name) => headerIn(this.#head, name),
    };
  }

  get #bytesWritten(): number {
    return this.#request.socket.bytesWritten - this.#bytesBefore;
  }
}

function joined(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function headOf(chunk: unknown): string {
  const text = chunk instanceof Uint8Array ? Buffer.from(chunk).toString('latin1') : String(chunk ?? '');
  const end = text.indexOf('\r\n\r\n');
  return end === -1 ? text : text.slice(0, end + 4);
}
