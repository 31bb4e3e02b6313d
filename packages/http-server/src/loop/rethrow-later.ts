/**
 * Makes of what was thrown an uncaught exception of the process, as it would be if Node had made the call, but
 * outside of whatever is going on: the exception of one connection must not be one of the others.
 */
export function rethrowLater(error: unknown): void {
  process.nextTick(rethrow, error);
}

function rethrow(error: unknown): never {
  throw error;
}
