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

/** Bytes that wait, and how many of them are of the body and not of its framing. */
interface BytesPart {
  bytes: Uint8Array;
  content: number;
}

/** Where a response goes. What the client does not take at once waits here. */
export interface Outbox {
  /** Whether nothing that is added arrives any more: the client is gone, or was given up. */
  readonly gone: boolean;
  /** Whether the kernel has taken anything at all. */
  readonly begun: boolean;
  /** Bytes of the body that were added and never sent, because the client was gone or given up. */
  readonly lost: number;
  /** Whether the kernel has taken everything. */
  readonly empty: boolean;
  /** Adds text in latin-1: a head, or framing. */
  text(text: string): void;
  /** Adds bytes of the body, which must not change before the outbox is empty. */
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
  /** Nothing goes any more: what waits is dropped, and whoever waits for it goes on. */
  abandon(): void;
  /** Resolves when the outbox is empty, or the client is gone, or has not read for too long. */
  drained(): Promise<void>;
  /** Whether the client did not read for too long. */
  readonly expired: boolean;
}

/** Writes to a descriptor. */
export class DescriptorOutbox implements Outbox, Watcher {
  readonly fd: number;
  deadline: number = Infinity;
  held = false;
  /** Whether the client did not read for too long. */
  expired = false;
  readonly #watch: Watch;
  readonly #patienceMs: number;
  readonly #store: FixedBuffer;
  #gone = false;
  #begun = false;
  #lost = 0;
  #stored = 0;
  /** Bytes of the body among those that are stored. */
  #storedContent = 0;
  #sealed = false;
  #waiting: (BytesPart | FilePart)[] = [];
  #drained: PromiseWithResolvers<void> | undefined;

  /** @param patienceMs how long the client may take to read what waits, altogether */
  constructor(fd: number, watch: Watch, patienceMs: number) {
    this.fd = fd;
    this.#watch = watch;
    this.#patienceMs = patienceMs;
    this.#store = store ??= new FixedBuffer(STORE_BYTES);
  }

  get gone(): boolean {
    return this.#gone;
  }

  get begun(): boolean {
    return this.#begun;
  }

  get lost(): number {
    return this.#lost;
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  text(text: string): void {
    if (this.gone || this.#sealed) return;
    if (text.length > STORE_BYTES - this.#stored || this.#waiting.length > 0) {
      this.#add({ bytes: Buffer.from(text, 'latin1'), content: 0 });
    } else {
      this.#stored += (this.#store.bytes as Latin1Buffer).latin1Write(text, this.#stored);
    }
  }

  bytes(bytes: Uint8Array): void {
    if (this.gone || this.#sealed) {
      this.#lost += bytes.length;
      return;
    }
    if (this.#waiting.length === 0 && bytes.length <= STORE_BYTES - this.#stored) {
      this.#store.bytes.set(bytes, this.#stored);
      this.#stored += bytes.length;
      this.#storedContent += bytes.length;
      return;
    }
    this.#add({ bytes, content: bytes.length });
  }

  file(file: number, count: number): void {
    const part: FilePart = { file, left: count, owned: false };
    this.#add(part);
    if (!this.#waiting.includes(part)) return;
    try {
      part.file = duplicate(file);
      part.owned = true;
    } catch (error) {
      // Whoever reads on from here would read a descriptor that is closed, or a stranger's.
      this.#lose();
      throw error;
    }
  }

  #add(part: BytesPart | FilePart): void {
    if (!this.#sealed) this.flush();
    if (this.gone || this.#sealed) {
      this.#lost += contentOf(part);
      return;
    }
    this.#waiting.push(part);
    if (this.#waiting.length === 1) this.#send();
  }

  flush(isLast = false): void {
    const length = this.#stored;
    if (length === 0) return;
    const content = this.#storedContent;
    this.#stored = this.#storedContent = 0;
    let sent: number;
    try {
      sent = transmit(this.fd, this.#store, length, isLast);
    } catch {
      this.#lost += content;
      this.#lose();
      return;
    }
    if (sent > 0) this.#begun = true;
    if (sent === length) {
      this.held = isLast;
      return;
    }
    const bytes = Buffer.from(this.#store.bytes.subarray(Math.max(sent, 0), length));
    // The framing stands in front, mostly.
    this.#waiting.push({ bytes, content: Math.min(content, bytes.length) });
  }

  keep(): void {
    const last = this.#waiting.at(-1);
    if (last !== undefined && 'bytes' in last) last.bytes = Buffer.from(last.bytes);
  }

  seal(): void {
    this.#sealed = true;
  }

  abandon(): void {
    this.#lose();
    this.#settle();
  }

  drained(): Promise<void> {
    if (this.empty) return Promise.resolve();
    if (this.#drained !== undefined) return this.#drained.promise;
    if (this.deadline === Infinity && this.#patienceMs > 0) {
      this.deadline = performance.now() + this.#patienceMs;
    }
    const drained = Promise.withResolvers<void>();
    this.#drained = drained;
    this.#watch.add(this, 'write');
    return drained.promise;
  }

  onReady(): void {
    this.#send();
    if (this.empty) this.#settle();
  }

  onDeadline(): void {
    this.expired = true;
    this.abandon();
  }

  onFault(): void {
    this.abandon();
  }

  #settle(): void {
    this.#watch.remove(this);
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  #send(): void {
    try {
      for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
        const isDone = 'bytes' in first ? this.#sendBytes(first) : this.#sendFile(first);
        if (!isDone) return;
        this.#waiting.shift();
      }
    } catch {
      this.#lose();
    }
  }

  /** False when the kernel takes no more. */
  #sendBytes(part: BytesPart): boolean {
    while (part.bytes.length > 0) {
      const sent = transmitBytes(this.fd, part.bytes);
      if (sent === WOULD_BLOCK) return false;
      this.#begun = true;
      part.bytes = part.bytes.subarray(sent);
      part.content = Math.min(part.content, part.bytes.length);
    }
    return true;
  }

  #sendFile(part: FilePart): boolean {
    while (part.left > 0) {
      const sent = sendFile(this.fd, part.file, part.left);
      if (sent === WOULD_BLOCK) return false;
      // The file became shorter: what was promised cannot be sent, and the client must notice.
      if (sent === 0) throw new Error('The file is shorter than it was');
      part.left -= sent;
    }
    release(part);
    return true;
  }

  #lose(): void {
    this.#gone = true;
    this.#lost += this.#storedContent;
    this.#stored = this.#storedContent = 0;
    for (const part of this.#waiting.splice(0)) {
      this.#lost += contentOf(part);
      if ('file' in part) release(part);
    }
  }
}

function contentOf(part: BytesPart | FilePart): number {
  return 'bytes' in part ? part.content : part.left;
}

function release(part: FilePart): void {
  if (part.owned) closeSync(part.file);
}
