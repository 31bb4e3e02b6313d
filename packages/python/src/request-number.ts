/** As large as a number may be that costs V8 no memory. */
const MAX = 2 ** 30;

/** Of all lanes of this worker, so that no two requests share one. It begins anywhere: garbage does not guess it. */
let last = 1 + Math.floor(Math.random() * (MAX - 1));

/** What the frames of a request, and of its response, are marked with. */
export function nextRequestNumber(): number {
  last = last === MAX ? 1 : last + 1;
  return last;
}
