import type { WsgiBody, WsgiStartResponse } from '@gunicorn-ts/interface';

/** Answers for an application that cannot. */
export function plainResponse(startResponse: WsgiStartResponse, status: string): WsgiBody {
  const text = status.slice(status.indexOf(' ') + 1);
  startResponse(status, [
    ['Content-Type', 'text/plain'],
    ['Content-Length', String(text.length)],
  ]);
  return [Buffer.from(text, 'latin1')];
}
