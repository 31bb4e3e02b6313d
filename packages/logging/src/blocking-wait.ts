const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

/** Stops this thread: an entry of the error log must be out before the code after it can fail. */
export function blockFor(milliseconds: number): void {
  Atomics.wait(nobodyWakes, 0, 0, milliseconds);
}
