/** Where datagrams for StatsD go. */
export type StatsdAddress =
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

const DEFAULT_PORT = 8125;

/**
 * Reads `statsdHost`, as Gunicorn reads it: `unix:8125` is a host of that name. Host names are not resolved. Throws an
 * `Error` whose message completes "statsdHost …".
 */
export function parseStatsdAddress(text: string): StatsdAddress {
  const path = /^unix:(?:\/\/)?(.+)$/.exec(text)?.[1];
  if (path !== undefined && !/^unix:\d+$/.test(text)) return { kind: 'unix', path };
  const [, bracketed, plain, port = String(DEFAULT_PORT)] =
    /^(?:tcp:\/\/)?(?:\[([^\]]*)\]|([^:[\]/]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const isRight = host !== undefined && host !== '' && Number(port) > 0 && Number(port) <= 65_535;
  if (!isRight || (bracketed !== undefined && !/^[\da-f:.%]*:[\da-z:.%]*$/i.test(bracketed))) {
    throw new TypeError(
      `must be "HOST", "HOST:PORT", "[IPV6]:PORT" or "unix://PATH", such as "127.0.0.1:8125", not ${JSON.stringify(text)}`,
    );
  }
  return { kind: 'udp', host: host.toLowerCase(), port: Number(port) };
}
