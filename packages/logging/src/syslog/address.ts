/** Where syslog listens. */
export type SyslogAddress =
  | { readonly kind: 'udp' | 'tcp'; readonly host: string; readonly port: number }
  /** Without a type, datagrams are tried first. */
  | { readonly kind: 'unix'; readonly path: string; readonly type: 'dgram' | 'stream' | undefined };

const DEFAULT_PORT = 514;

/** Gunicorn's, by platform. */
export function defaultSyslogAddress(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'unix:///var/run/syslog';
  if (platform === 'freebsd') return 'unix:///var/run/log';
  return platform === 'openbsd' ? 'unix:///dev/log' : `udp://localhost:${DEFAULT_PORT}`;
}

/**
 * Reads `syslogAddr`, as Gunicorn reads it; `#stream` is honoured, which it is not there. Host names are not resolved.
 * Throws an `Error` whose message completes "syslogAddr …".
 */
export function parseSyslogAddress(text: string): SyslogAddress {
  const unix = /^unix:\/\/([^#]+)(?:#(.*))?$/.exec(text);
  if (unix !== null) {
    const [, path = '', type] = unix;
    if (type === undefined || type === '') return { kind: 'unix', path, type: undefined };
    if (type === 'dgram' || type === 'stream') return { kind: 'unix', path, type };
  }
  const [, kind, bracketed, plain, port = String(DEFAULT_PORT)] =
    /^(udp|tcp):\/\/(?:\[([^\]]*)\]|([^:[\]/]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (kind === undefined || host === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw new TypeError(
      `must be "udp://HOST:PORT", "tcp://HOST:PORT" or "unix://PATH", which may end in "#dgram" or "#stream", not ${JSON.stringify(text)}`,
    );
  }
  const named = host === '' ? 'localhost' : host.toLowerCase();
  return { kind: kind as 'udp' | 'tcp', host: named, port: Number(port) };
}
