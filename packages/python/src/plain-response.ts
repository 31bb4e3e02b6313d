import type { WsgiBody, WsgiStartResponse } from '@gunicorn-ts/interface';

/** For a request whose head does not fit into a frame, where the operator has lifted the limits. */
export const TOO_LARGE = '431 Request Header Fields Too Large';

/** Answers for an application that cannot. */
export function plainResponse(startResponse: WsgiStartResponse, status: string): WsgiBody {
  const text = status.slice(status.indexOf(' ') + 1);
  startResponse(status, [
    ['Content-Type', 'text/plain'],
    ['Content-Length', String(text.length)],
  ]);
  return [Buffer.from(text, 'latin1')];
}
