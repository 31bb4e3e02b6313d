import { closeSync, openSync, readSync } from 'node:fs';

const BYTES = 16;

/**
 * A name that nobody guesses, of letters and digits. `node:crypto` would do as well, and takes 10 ms to load, in each
 * process that starts.
 */
export function randomName(): string {
  return (fromKernel() ?? process.getBuiltinModule('node:crypto').randomBytes(BYTES)).toString('hex');
}

/** `undefined` where there is no such device, as in a bare `chroot`. */
function fromKernel(): Buffer | undefined {
  const bytes = Buffer.allocUnsafe(BYTES);
  try {
    const fd = openSync('/dev/urandom', 'r');
    try {
      return readSync(fd, bytes, 0, BYTES, null) === BYTES ? bytes : undefined;
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}
