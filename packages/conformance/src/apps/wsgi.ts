import type { WsgiEnviron, WsgiStartResponse } from '@gunicorn-ts/interface';
import { route } from './routes.ts';

export default async function app(
  environ: WsgiEnviron,
  startResponse: WsgiStartResponse,
): Promise<Uint8Array[]> {
  const target = `${String(environ['PATH_INFO'])}?${String(environ['QUERY_STRING'])}`;
  const input = environ['wsgi.input'] as { read(size?: number): Uint8Array<ArrayBuffer> };
  const body = await route(target, async () => input.read());
  startResponse('200 OK', [
    ['Content-Length', String(body.length)],
    ['X-Worker-Pid', String(process.pid)],
  ]);
  return [body];
}
