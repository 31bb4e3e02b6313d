import type { WsgiEnviron, WsgiStartResponse } from 'gunicorn-ts';

const encoder = new TextEncoder();

export default function app(environ: WsgiEnviron, startResponse: WsgiStartResponse): Uint8Array[] {
  const { REQUEST_METHOD: method, PATH_INFO: path } = environ;
  startResponse('200 OK', [['Content-Type', 'text/plain']]);
  return [encoder.encode(`${String(method)} `), encoder.encode(`${String(path)}\n`)];
}
