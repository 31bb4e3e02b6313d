import type { Meter } from '@gunicorn-ts/interface';
import type { Transport } from '../transport/transport.ts';

/** Counts the bytes of connections, each once. */
export class Traffic {
  readonly #meter: Meter;
  /** What was counted of those that are still open. */
  readonly #counted = new WeakMap<Transport, { readonly read: number; readonly written: number }>();

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  /** Of a connection that goes on. */
  look(transport: Transport): void {
    const { bytesRead: read, bytesWritten: written } = transport;
    this.end(transport);
    this.#counted.set(transport, { read, written });
  }

  /** Of one that is closed. */
  end(transport: Transport): void {
    const { bytesRead, bytesWritten } = transport;
    const before = this.#counted.get(transport);
    this.#meter.transferred(bytesRead - (before?.read ?? 0), bytesWritten - (before?.written ?? 0));
  }
}
