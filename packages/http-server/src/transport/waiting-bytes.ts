import { transmitBytes, WOULD_BLOCK } from '@gunicorn-ts/posix';

/** What the kernel did not take of a connection's bytes, in order. */
export class WaitingBytes {
  #pieces: Uint8Array[] = [];
  /** In bytes. */
  length = 0;

  push(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.length += bytes.length;
  }

  /**
   * Sends as much as the kernel takes now.
   * @returns how many bytes those were
   * @throws {PosixError}
   */
  send(fd: number): number {
    const before = this.length;
    for (let first = this.#pieces[0]; first !== undefined; first = this.#pieces[0]) {
      const rest = transmitMost(fd, first);
      this.length -= first.length - rest.length;
      if (rest.length > 0) {
        this.#pieces[0] = rest;
        break;
      }
      this.#pieces.shift();
    }
    return before - this.length;
  }

  /** Everything, which is no longer here. */
  take(): readonly Uint8Array[] {
    const taken = this.#pieces;
    this.#pieces = [];
    this.length = 0;
    return taken;
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
