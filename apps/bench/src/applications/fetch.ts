/** The smallest application of kind `fetch`. */
export default {
  fetch: (): Response => new Response('Hello, world!\n', { headers: { 'content-type': 'text/plain' } }),
};
