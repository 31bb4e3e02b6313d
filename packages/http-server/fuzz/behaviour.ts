import type { IncomingMessage, ServerResponse } from 'node:http';

export const BEHAVIOURS = ['end', 'chunks', 'echo', 'ignore', 'late', 'empty', 'large', 'destroy'] as const;

/** What an application is asked to do, in the path of a request: `/BEHAVIOUR/DELAY/SIZE`. */
export type Behaviour = (typeof BEHAVIOURS)[number];

/** A path that was broken may ask for more. */
const MOST_DELAY_MS = 10;

/** The parts of a path. */
export function wishOf(path: string): { behaviour: Behaviour; delayMs: number; body: string } {
  const [, behaviour, delay = '0', size = '0'] = path.split('/') as [string, Behaviour];
  const delayMs = Math.min(Number(delay) || 0, MOST_DELAY_MS);
  return { behaviour, delayMs, body: 'r'.repeat(Math.min(Number(size) || 0, MOST_BYTES)) };
}

const MOST_BYTES = 10_000;
const LARGE = 200;

/** An application that does what the path says, and neither more nor less on any server. */
export function answer(request: IncomingMessage, response: ServerResponse): void {
  const { behaviour, delayMs, body } = wishOf(request.url ?? '');
  const later = (work: () => void): void => {
    if (delayMs === 0) work();
    else setTimeout(work, delayMs);
  };
  request.on('error', () => undefined);
  switch (behaviour) {
    case 'chunks':
      response.write(body.slice(0, 5));
      later(() => {
        response.write(body.slice(5));
        response.end();
      });
      break;
    case 'echo':
      echo(request, response);
      break;
    case 'late':
      request.resume().on('end', () => later(() => response.end(body)));
      break;
    case 'empty':
      later(() => response.writeHead(204).end());
      break;
    case 'large':
      later(() => response.end(body.repeat(LARGE)));
      break;
    case 'destroy':
      later(() => response.destroy());
      break;
    case 'end':
    case 'ignore':
    default:
      later(() => response.end(body));
  }
}

/** The same as a `fetch` application; what is destroyed there, is a body that fails here. */
export async function respond(request: Request): Promise<Response> {
  const { behaviour, delayMs, body } = wishOf(new URL(request.url).pathname);
  const delay = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));
  switch (behaviour) {
    case 'chunks':
      return new Response(
        new ReadableStream({
          async start(controller) {
            controller.enqueue(Buffer.from(body.slice(0, 5)));
            await delay();
            controller.enqueue(Buffer.from(body.slice(5)));
            controller.close();
          },
        }),
      );
    case 'echo':
      return new Response(request.body === null ? '' : await request.arrayBuffer());
    case 'late':
      await request.arrayBuffer();
      await delay();
      return new Response(body);
    case 'empty':
      await delay();
      return new Response(null, { status: 204 });
    case 'large':
      return new Response(body.repeat(LARGE));
    case 'destroy':
      return new Response(
        new ReadableStream({
          pull(controller) {
            controller.error(new Error('the application breaks off'));
          },
        }),
      );
    case 'end':
    case 'ignore':
    default:
      return new Response(body);
  }
}

/** As one piece: in how many a body comes is a matter of time. */
function echo(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.setEncoding('latin1').on('data', (text: string) => (body += text));
  request.on('end', () => response.end(body, 'latin1'));
}
