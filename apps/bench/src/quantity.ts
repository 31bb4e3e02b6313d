/** What is measured, with its unit. */
export interface Quantity {
  readonly name: string;
  readonly unit: Unit;
  /** Which of two values is the better one. */
  readonly better: 'less' | 'more';
}

export type Unit = 'µs' | 'ns' | 'ms' | 'MB' | 'kB' | 'bytes' | '%' | '/s' | '';

function quantity(name: string, unit: Unit, better: Quantity['better'] = 'less'): Quantity {
  return { name, unit, better };
}

export const RATE: Quantity = quantity('requests per second', '/s', 'more');
/** User and system time of the server's whole process tree over the requests that were answered. */
export const CPU: Quantity = quantity('CPU per request', 'µs');
/** How much of the time the process tree was at work: from 100 on its core was what limited the rate, below it the client. */
export const BUSY: Quantity = quantity('busy', '%');
export const P50: Quantity = quantity('p50', 'ms');
export const P99: Quantity = quantity('p99', 'ms');
export const P999: Quantity = quantity('p99.9', 'ms');
/** Refused, reset, out of time, or answered with a status other than 200. */
export const FAILED: Quantity = quantity('failed', '');
/** What of its rate a server loses to clients that only cost it. */
export const LOSS: Quantity = quantity('rate lost', '%');
export const BOOT: Quantity = quantity('start to first answer', 'ms');
/** Resident bytes, pages that processes share divided between them. */
export const PSS: Quantity = quantity('PSS', 'MB');
/** Resident bytes, shared pages counted whole. */
export const RSS: Quantity = quantity('RSS', 'MB');

/** A quantity of one scenario alone. */
export const ownQuantity: typeof quantity = quantity;
