/** Where an application wanted to listen, as far as its arguments say. */
export interface WantedAddress {
  readonly port?: number;
  readonly host?: string;
  readonly path?: string;
  /** A descriptor, a handle or a socket of its own: not an application that expects to be alone. */
  readonly ready: boolean;
}

/** Reads the arguments of `server.listen(…)` in all their forms. */
export function wantedAddress(parameters: readonly unknown[]): WantedAddress {
  const [first, second] = parameters;
  if (typeof first === 'object' && first !== null) {
    const options = first as Record<string, unknown>;
    const ready =
      typeof options['fd'] === 'number' ||
      options['reusePort'] === true ||
      options['exclusive'] === true ||
      // What a libuv handle has.
      typeof options['getAsyncId'] === 'function' ||
      '_handle' in options ||
      'handle' in options;
    return {
      ready,
      ...(options['port'] === undefined ? {} : { port: Number(options['port']) }),
      ...(typeof options['host'] === 'string' ? { host: options['host'] } : {}),
      ...(typeof options['path'] === 'string' ? { path: options['path'] } : {}),
    };
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { ready: false, path: first };
  if (typeof first !== 'string' && typeof first !== 'number') return { ready: false };
  return { ready: false, port: Number(first), ...(typeof second === 'string' ? { host: second } : {}) };
}

/** A port that the kernel chooses is another one in each worker. */
export function isPrivate({ port = 0, path }: WantedAddress): boolean {
  return path === undefined && port === 0;
}

/** The words for it in the log. */
export function describeWanted({ host, port, path }: WantedAddress): string {
  if (path !== undefined) return path;
  return host === undefined ? `port ${port ?? 0}` : `${host}:${port ?? 0}`;
}
