const never = new Int32Array(new SharedArrayBuffer(4));

/** Holds the thread for 200 ms without using the processor, as a slow synchronous call does. */
export function block(): void {
  Atomics.wait(never, 0, 0, 200);
}
