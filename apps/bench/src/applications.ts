import { fileURLToPath } from 'node:url';

function path(file: string): string {
  return fileURLToPath(new URL(`./applications/${file}`, import.meta.url));
}

/** One application for every peer, in each dialect: `Hello, world!`, and `/block` holds the thread for 200 ms. */
export const hello = {
  node: path('hello-node.ts'),
  fetch: path('hello-fetch.ts'),
  wsgi: path('hello-wsgi.ts'),
  python: path('hello_python.py'),
  django: path('hello_django.py'),
  asgi: path('hello_asgi.py'),
  fastApi: path('hello_fastapi.py'),
  express: path('hello-express.ts'),
  fastify: path('hello-fastify.ts'),
  koa: path('hello-koa.ts'),
  hono: path('hello-hono.ts'),
} as const satisfies Record<string, string>;

/** `/stuck` blocks its worker for ever. */
export const stuck: string = path('stuck.ts');

/** `/heap` answers with the heap that is in use after a collection. */
export const heap = {
  node: path('heap.ts'),
  fetch: path('heap-fetch.ts'),
} as const satisfies Record<string, string>;

/** Up- and downloads that can be left, and `/held`. */
export const transfers = {
  node: path('transfers.ts'),
  fetch: path('transfers-fetch.ts'),
} as const satisfies Record<string, string>;

/** Has a timer, and asks another server. */
export const working: string = path('working.ts');
