import { closeSync } from 'node:fs';
import { duplicate, sendFile, transmitBytes, WOULD_BLOCK } from '@gunicorn-ts/posix';

/** What is left of a file that is being sent, from its current position on, by a descriptor of its own. */
interface FilePart {
  readonly file: number;
  left: number;
}

/** What the kernel did not take of a connection's bytes, in order. */
export class WaitingBytes {
  #parts: (Uint8Array | FilePart)[] = [];
  /** In bytes. */
  length = 0;

  push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.length += bytes.length;
  }

  /**
   * Adds a part of a file from its current position on. The descriptor may be closed right after.
   * @throws {PosixError} EMFILE
   */
  pushFile(file: number, left: number): void {
    this.#parts.push({ file: duplicate(file), left });
    this.length += left;
  }

  /**
   * Sends as much as the kernel takes now.
   * @returns how many bytes those were
   * @throws {Error} when the connection is gone, or a file has become shorter than was promised
   */
  send(fd: number): number {
    const before = this.length;
    for (let first = this.#parts[0]; first !== undefined; first = this.#parts[0]) {
      const left = first instanceof Uint8Array ? this.#sendBytes(fd, first) : this.#sendFile(fd, first);
      if (left > 0) break;
      this.#parts.shift();
    }
    return before - this.length;
  }

  /** Everything that is no file, which is no longer here. */
  take(): readonly Uint8Array[] {
    const taken: Uint8Array[] = [];
    for (const part of this.#parts) {
      if (part instanceof Uint8Array) taken.push(part);
      else closeSync(part.file);
    }
    this.#parts = [];
    this.length = 0;
    return taken;
  }

  #sendBytes(fd: number, bytes: Uint8Array): number {
    const rest = transmitMost(fd, bytes);
    this.length -= bytes.length - rest.length;
    this.#parts[0] = rest;
    return rest.length;
  }

  #sendFile(fd: number, part: FilePart): number {
    while (part.left > 0) {
      const sent = sendFile(fd, part.file, part.left);
      if (sent === WOULD_BLOCK) return part.left;
      // What was promised cannot be sent, and the client must notice.
      if (sent === 0) throw new Error('The file is shorter than it was');
      part.left -= sent;
      this.length -= sent;
    }
    closeSync(part.file);
    return 0;
  }
}

/**
 * Sends bytes until the kernel takes no more, and gives the rest.
 * @throws {PosixError}
 */
export function transmitMost(fd: number, bytes: Uint8Array): Uint8Array {
  let rest = bytes;
  while (rest.length > 0) {
    const sent = transmitBytes(fd, rest);
    if (sent === WOULD_BLOCK) break;
    rest = rest.subarray(sent);
  }
  return rest;
}
