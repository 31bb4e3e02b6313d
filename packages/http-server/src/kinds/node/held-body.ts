import type { IncomingMessage } from 'node:http';
import type { BodyCollector, BodyStore } from '@gunicorn-ts/wsgi';

/** Bytes that are kept at most: then the request has arrived, and the application reads the rest itself. */
const MOST_HELD = 960 * 1024;

/** The body of a request whose application has not been called. */
export class HeldBody {
  isWhole = false;
  readonly #collector: BodyCollector;
  #length = 0;

  constructor(bodies: BodyStore) {
    this.#collector = bodies.collect();
  }

  /** Whether as much is here as there may be. */
  get hasArrived(): boolean {
    return this.#length > MOST_HELD;
  }

  /**
   * Keeps a copy.
   * @returns whether more may come
   * @throws {BodyStoreError}
   */
  take(chunk: Uint8Array): boolean {
    this.#length += chunk.length;
    this.#collector.append(chunk);
    return !this.hasArrived;
  }

  /** The application reads it from there. */
  giveTo(request: IncomingMessage): void {
    const body = this.#collector.finish();
    const bytes = body.slice(0, body.length);
    body.close();
    if (bytes.length > 0) request.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    if (this.isWhole) request.push(null);
  }

  discard(): void {
    this.#collector.discard();
  }
}
