import type net from 'node:net';
import type { ListenAddress } from '@gunicorn-ts/interface';

/** `listening`, `address()`, `close()`, the event and the callback, as of a bound server. */
export function pretendListening(
  server: net.Server,
  address: () => ListenAddress | undefined,
  parameters: readonly unknown[],
): void {
  const close = server.close;
  Object.defineProperties(server, {
    listening: { value: true, configurable: true, writable: true },
    address: { value: () => nodeAddress(address()), configurable: true, writable: true },
    close: {
      configurable: true,
      writable: true,
      value: (callback?: (error?: Error) => void) => {
        Object.defineProperty(server, 'listening', { value: false, configurable: true, writable: true });
        // Never bound, the server itself would answer ERR_SERVER_NOT_RUNNING.
        return close.call(server, callback === undefined ? undefined : () => callback());
      },
    },
  });
  const callback = parameters.at(-1);
  if (typeof callback === 'function') server.once('listening', callback as () => void);
  process.nextTick(() => server.emit('listening'));
}

/**
 * Ends the pretence, before the server listens in truth; its next `listening` event has been heard already.
 * @returns false when the application has closed the server meanwhile
 */
export function endPretence(server: net.Server): boolean {
  const { listening } = server;
  for (const name of ['listening', 'address', 'close'] as const) Reflect.deleteProperty(server, name);
  if (!listening) return false;
  const emit = server.emit;
  const emitOther = (event: string | symbol, ...values: unknown[]): boolean => {
    if (event !== 'listening') return Reflect.apply(emit, server, [event, ...values]) as boolean;
    Reflect.deleteProperty(server, 'emit');
    return true;
  };
  Object.defineProperty(server, 'emit', { value: emitOther, configurable: true, writable: true });
  return true;
}

function nodeAddress(address: ListenAddress | undefined): net.AddressInfo | string | null {
  if (address === undefined) return null;
  if (address.kind === 'unix') return address.path;
  return { address: address.host, family: `IPv${address.family}`, port: address.port };
}
