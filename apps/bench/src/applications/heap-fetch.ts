// Application of kind `fetch`: as heap.ts.
import { heapInUse } from './collect.ts';

export default {
  fetch: (request: Request): Response =>
    new Response(request.url.endsWith('/heap') ? String(heapInUse()) : 'here\n'),
};
