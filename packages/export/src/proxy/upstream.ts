import type { BindTarget, Deployment } from '@gunicorn-ts/interface';

/** Seconds beyond the server's own limit, so that the server's answer comes first. */
const MARGIN_S = 5;
/** Where the server has no limit, and where answers and WebSockets stay open. */
export const LONG_S = 3600;
/** A proxy gives up an idle connection a second before the server does. */
const SHORTEST_KEPT_S = 2;

/** What stands in front of the server. */
export interface ProxyOptions {
  /** Names of the site; the first is the main one. */
  readonly serverNames: readonly string[];
  /** Paths that are answered from a folder: `/static/` to `/srv/app/static/`. */
  readonly statics: readonly (readonly [url: string, folder: string])[];
  /** Paths whose answers are passed on as they come. */
  readonly streaming: readonly string[];
  /** Files of the certificate chain and its key: the site is then served by TLS, and plain HTTP leads there. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined;
}

/** Where a proxy on the same machine reaches the server: a unix socket if there is one, since it is always trusted. */
export function upstreamOf({ binds }: Deployment): BindTarget {
  const unix = binds.find(({ kind }) => kind === 'unix');
  const first = unix ?? binds[0];
  return first ?? { kind: 'tcp', host: '127.0.0.1', port: 8000 };
}

/** A host that a client can connect to. */
export function reachableHost(host: string): string {
  if (host === '' || host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * Seconds that a proxy waits for the server: longer than the server lets a request take. `timeout` alone limits none: it
 * ends a worker that is stuck, and a request that waits for a database is not.
 */
export function patienceOf({ settings: { timeout, requestTimeout } }: Deployment): number {
  return requestTimeout > 0 ? Math.ceil(Math.max(timeout, requestTimeout)) + MARGIN_S : LONG_S;
}

/** What in the server's own settings does not fit a proxy in front of it, each in a sentence. */
export function disagreements({ settings, binds, keepsConnections }: Deployment): readonly string[] {
  const upstream = upstreamOf({ binds } as Deployment);
  const found: string[] = [];
  if (upstream.kind === 'fd') {
    found.push('bind is a descriptor (fd://), so the address of the upstream is a guess; correct it');
  }
  if (upstream.kind === 'tcp') {
    const host = reachableHost(upstream.host).replaceAll(/[[\]]/g, '');
    const trusted = settings.forwardedAllowIps;
    const isLocal = /^(?:127\.|::1$|localhost$)/.test(host);
    const names =
      trusted.includes('*') || (isLocal ? trusted.some((one) => /^(?:127\.|::1)/.test(one)) : false);
    if (!names) {
      found.push(
        `forwardedAllowIps does not name the address that the proxy connects from (${host}), so its X-Forwarded-Proto is not believed; add it`,
      );
    }
  }
  const { keepalive } = settings;
  if (keepsConnections && keepalive < SHORTEST_KEPT_S) {
    found.push(
      `keepalive is ${keepalive} s, too short for a proxy to keep a connection and give it up first; write ${SHORTEST_KEPT_S} or more`,
    );
  }
  return found;
}
