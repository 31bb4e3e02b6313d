/**
 * Waits for what nothing tells: a file that another process writes, a state that other events bring about. Looks
 * every 10 ms, and rejects after `timeoutMs` milliseconds.
 */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  what = 'what the test waits for',
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what} did not come about in ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
