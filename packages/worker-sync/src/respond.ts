import type { Exchange } from './exchange.ts';

/**
 * Has the application answer, and sends what it answers. Returns a promise only when the application, or the
 * client, makes it wait. What the application throws comes out of it.
 */
export type Respond = (exchange: Exchange) => void | Promise<void>;
