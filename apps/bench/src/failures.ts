/** Requests that were not answered as they should be, by what became of them. */
export interface Failures {
  /** Nobody took the connection. */
  readonly refused: number;
  /** The connection was closed before the answer was whole. */
  readonly reset: number;
  readonly timeout: number;
  /** Answered with a status other than 200. */
  readonly status: number;
}

export const NO_FAILURES: Failures = { refused: 0, reset: 0, timeout: 0, status: 0 };

export function addFailures(one: Failures, other: Failures): Failures {
  return {
    refused: one.refused + other.refused,
    reset: one.reset + other.reset,
    timeout: one.timeout + other.timeout,
    status: one.status + other.status,
  };
}

export function countFailures({ refused, reset, timeout, status }: Failures): number {
  return refused + reset + timeout + status;
}

/** `2 reset, 1 timeout`; empty where there are none. */
export function describeFailures(failures: Failures): string {
  return Object.entries(failures)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}
