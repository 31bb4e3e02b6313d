import { route } from './routes.ts';

export default async function app(request: Request): Promise<Response> {
  const body = await route(request.url, async () => new Uint8Array(await request.arrayBuffer()));
  const headers = { 'Content-Length': String(body.length), 'X-Worker-Pid': String(process.pid) };
  return new Response(body, { headers });
}
