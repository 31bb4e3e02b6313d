/**
 * Waits for `work`, `limitMs` milliseconds at the most. Resolves to whether it was done; what it throws
 * in time passes through, later it is nobody's business.
 */
export async function within(limitMs: number, work: unknown): Promise<boolean> {
  const limit = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => limit.resolve(false), limitMs);
  try {
    return await Promise.race([Promise.resolve(work).then(() => true), limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
