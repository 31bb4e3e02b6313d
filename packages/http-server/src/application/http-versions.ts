import type { HttpPolicy } from '@gunicorn-ts/http';
import type { Settings, WorkerContext } from '@gunicorn-ts/interface';
import type { EngineOptions } from '../engine.ts';

/** The largest that there is (RFC 9113 §6.5.1). */
const UNLIMITED = 2 ** 32 - 1;

/** Which versions of HTTP a client may speak that has not said one in a TLS handshake. */
export function protocolPolicy({ settings, tls }: WorkerContext): Partial<HttpPolicy> {
  const { httpProtocols, http2Cleartext } = settings;
  return {
    servesHttp1: httpProtocols.includes('http/1.1'),
    // RFC 9113 §3.3: over TLS it is asked for by ALPN.
    priorKnowledge: httpProtocols.includes('h2') && http2Cleartext === 'prior-knowledge' && tls === undefined,
  };
}

/** How HTTP/2 is served, when it is. */
export function http2Options(settings: Readonly<Settings>): Pick<EngineOptions, 'http2'> {
  if (!settings.httpProtocols.includes('h2')) return {};
  return {
    http2: {
      maxConcurrentStreams: settings.http2MaxConcurrentStreams,
      initialWindowSize: settings.http2InitialWindowSize,
      maxFrameSize: settings.http2MaxFrameSize,
      maxHeaderListSize: settings.http2MaxHeaderListSize || UNLIMITED,
    },
  };
}
