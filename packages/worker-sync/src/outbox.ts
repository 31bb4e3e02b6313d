import { closeSync } from 'node:fs';
import { duplicate, FixedBuffer, sendFile, transmit, transmitBytes, WOULD_BLOCK } from '@gunicorn-ts/posix';
import type { Watch, Watcher } from './watch.ts';

const STORE_BYTES = 64 * 1024;

/** Bytes on their way to the kernel, of the one response that is being written. */
let store: FixedBuffer | undefined;

/** Writes latin-1 without looking at its other arguments, as `write` does. Not in Node's types. */
type Latin1Buffer = Buffer & { latin1Write(text: string, offset: number): number };

/** What is left of a file to be sent. Holds a descriptor of its own once it has to wait. */
interface FilePart {
  file: number;
  left: number;
  owned: boolean;
}

/** Where a response goes. What the client does not take at once waits here. */
export interface Outbox {
  /** Whether the client is gone: then nothing arrives any more. */
  gone: boolean;
  /** Whether the kernel has taken everything. */
  readonly empty: boolean;
  /** Adds text in latin-1. */
  text(text: string): void;
  /** Adds bytes, which must not change before the outbox is empty. */
  bytes(bytes: Uint8Array): void;
  /** Adds a part of a file from its current position on. The descriptor may be closed right after. */
  file?(file: number, count: number): void;
  /** Whether the kernel may hold the last bytes back until the sending side is shut down. */
  readonly held: boolean;
  /**
   * Sends what was added, as much as can be sent at once.
   * @param isLast the connection is ended at once: then the bytes may leave together with its end
   */
  flush(isLast?: boolean): void;
  /** Lets the owner of the bytes that were added last change them. */
  keep(): void;
  /** Nothing more is taken; what waits still goes. */
  seal(): void;
  /** Resolves when the outbox is empty, or the client is gone, or has not read for too long. */
  drained(): Promise<void>;
}

/** Writes to a descriptor. */
export class DescriptorOutbox implements Outbox, Watcher {
  readonly fd: number;
  deadline: number = Infinity;
  gone = false;
  held = false;
  readonly #watch: Watch;
  readonly #patienceMs: number;
  readonly #store: FixedBuffer;
  #stored = 0;
  #sealed = false;
  #waiting: (Uint8Array | FilePart)[] = [];
  #onDrained: (() => void) | undefined;

  /** @param patienceMs how long the client may take to read what waits, altogether */
  constructor(fd: number, watch: Watch, patienceMs: number) {
    this.fd = fd;
    this.#watch = watch;
    this.#patienceMs = patienceMs;
    this.#store = store ??= new FixedBuffer(STORE_BYTES);
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  text(text: string): void {
    if (this.gone || this.#sealed) return;
    if (text.length > STORE_BYTES - this.#stored || this.#waiting.length > 0) {
      this.bytes(Buffer.from(text, 'latin1'));
    } else {
      this.#stored += (this.#store.bytes as Latin1Buffer).latin1Write(text, this.#stored);
    }
  }

  bytes(bytes: Uint8Array): void {
    if (this.gone || this.#sealed) return;
    if (this.#waiting.length === 0 && bytes.length <= STORE_BYTES - this.#stored) {
      this.#store.bytes.set(bytes, this.#stored);
      this.#stored += bytes.length;
      return;
    }
    this.flush();
    if (this.gone) return;
    this.#waiting.push(bytes);
    if (this.#waiting.length === 1) this.#send();
  }

  file(file: number, count: number): void {
    if (this.gone || this.#sealed) return;
    this.flush();
    if (this.gone) return;
    const part: FilePart = { file, left: count, owned: false };
    this.#waiting.push(part);
    if (this.#waiting.length === 1) this.#send();
    if (this.#waiting.includes(part)) {
      part.file = duplicate(file);
      part.owned = true;
    }
  }

  flush(isLast = false): void {
    const length = this.#stored;
    if (length === 0) return;
    this.#stored = 0;
    if (this.gone) return;
    let sent: number;
    try {
      sent = transmit(this.fd, this.#store, length, isLast);
    } catch {
      this.#lose();
      return;
    }
    if (sent === length) {
      this.held = isLast;
      return;
    }
    this.#waiting.push(Buffer.from(this.#store.bytes.subarray(Math.max(sent, 0), length)));
  }

  keep(): void {
    const last = this.#waiting.length - 1;
    const bytes = this.#waiting[last];
    if (bytes instanceof Uint8Array) this.#waiting[last] = Buffer.from(bytes);
  }

  seal(): void {
    this.#sealed = true;
  }

  drained(): Promise<void> {
    if (this.empty) return Promise.resolve();
    if (this.deadline === Infinity && this.#patienceMs > 0) {
      this.deadline = performance.now() + this.#patienceMs;
    }
    this.#watch.add(this, 'write');
    return new Promise((resolve) => {
      this.#onDrained = resolve;
    });
  }

  onReady(): void {
    this.#send();
    if (this.empty) this.#settle();
  }

  onDeadline(): void {
    this.#lose();
    this.#settle();
  }

  #settle(): void {
    this.#watch.remove(this);
    const settle = this.#onDrained;
    this.#onDrained = undefined;
    settle?.();
  }

  #send(): void {
    try {
      for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
        const rest = first instanceof Uint8Array ? this.#sendBytes(first) : this.#sendFile(first);
        if (rest !== undefined) {
          this.#waiting[0] = rest;
          return;
        }
        this.#waiting.shift();
      }
    } catch {
      this.#lose();
    }
  }

  /** What is left when the kernel takes no more. */
  #sendBytes(bytes: Uint8Array): Uint8Array | undefined {
    let rest = bytes;
    while (rest.length > 0) {
      const sent = transmitBytes(this.fd, rest);
      if (sent === WOULD_BLOCK) return rest;
      rest = rest.subarray(sent);
    }
    return undefined;
  }

  #sendFile(part: FilePart): FilePart | undefined {
    while (part.left > 0) {
      const sent = sendFile(this.fd, part.file, part.left);
      if (sent === WOULD_BLOCK) return part;
      // The file became shorter: what was promised cannot be sent, and the client must notice.
      if (sent === 0) throw new Error('The file is shorter than it was');
      part.left -= sent;
    }
    release(part);
    return undefined;
  }

  #lose(): void {
    this.gone = true;
    for (const part of this.#waiting.splice(0)) if (!(part instanceof Uint8Array)) release(part);
  }
}

function release(part: FilePart): void {
  if (part.owned) closeSync(part.file);
}
