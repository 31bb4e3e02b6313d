import type { IncomingMessage, ServerResponse } from 'node:http';
import { route } from './routes.ts';

export default async function app(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestBody = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };
  const body = await route(request.url ?? '/', requestBody);
  response.writeHead(200, { 'Content-Length': body.length, 'X-Worker-Pid': process.pid }).end(body);
}
