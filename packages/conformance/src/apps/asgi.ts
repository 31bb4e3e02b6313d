import type { AsgiReceive, AsgiScope, AsgiSend } from '@gunicorn-ts/interface';
import { route } from './routes.ts';

export default async function app(scope: AsgiScope, receive: AsgiReceive, send: AsgiSend): Promise<void> {
  const query = Buffer.from(scope['query_string'] as Uint8Array).toString('latin1');
  const body = await route(`${String(scope['path'])}?${query}`, () => received(receive));
  await send({
    type: 'http.response.start',
    status: 200,
    headers: [
      [Buffer.from('content-length'), Buffer.from(String(body.length))],
      [Buffer.from('x-worker-pid'), Buffer.from(String(process.pid))],
    ],
  });
  await send({ type: 'http.response.body', body });
}

async function received(receive: AsgiReceive): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { body, more_body: more } = (await receive()) as { body?: Uint8Array; more_body?: boolean };
    if (body !== undefined) pieces.push(body);
    if (more !== true) return Buffer.concat(pieces);
  }
}
