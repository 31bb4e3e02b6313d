import { FixedBuffer, receive } from '@gunicorn-ts/posix';

/** Enough for nearly every request in one read. */
const INBOX_BYTES = 64 * 1024;

let shared: FixedBuffer | undefined;

/** Where all connections read, one after the other: what is to last is copied. */
export function inbox(): FixedBuffer {
  return (shared ??= new FixedBuffer(INBOX_BYTES));
}

/** Whether something has arrived that nobody has read; it is gone then. */
export function takeUnread(fd: number): boolean {
  try {
    return receive(fd, inbox()) > 0;
  } catch {
    // The connection is gone.
    return false;
  }
}
