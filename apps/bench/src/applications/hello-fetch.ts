// Application of kind `fetch`.
import { block } from './block.ts';

const init = { headers: { 'Content-Type': 'text/plain', 'Content-Length': '14' } };

function answer(request: Request): Response {
  if (request.url.endsWith('/block')) block();
  return new Response('Hello, world!\n', init);
}

export default { fetch: answer };
