// Application of kind `fetch`: as transfers.ts.
import { held } from './collect.ts';
import { chunks, type Seen } from './download.ts';

const seen: Seen = { uploads: 0, downloads: 0 };

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method === 'POST') return receive(request);
  if (pathname === '/download') return new Response(download());
  if (pathname === '/seen') return Response.json(seen);
  return pathname === '/held' ? Response.json(held()) : new Response('here\n');
}

async function receive(request: Request): Promise<Response> {
  try {
    await request.body?.pipeTo(new WritableStream());
  } catch {
    seen.uploads += 1;
    return new Response('cut off\n', { status: 400 });
  }
  return new Response('whole\n');
}

function download(): ReadableStream<Uint8Array> {
  const source = chunks();
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = source.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      seen.downloads += 1;
    },
  });
}

export default { fetch: answer };
