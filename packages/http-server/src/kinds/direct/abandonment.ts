import type { Answer } from './answer.ts';

/** Aborted when the request is given up before its response is complete. */
export function signalOf(answer: Answer): AbortSignal {
  const controller = new AbortController();
  const others = answer.onAbandoned;
  answer.onAbandoned = (reason) => {
    others?.(reason);
    controller.abort(reason);
  };
  if (answer.gone) controller.abort();
  return controller.signal;
}
