import type { ServerResponse } from 'node:http';

/**
 * Resolves when the application has ended its response, or cannot any more. A client that reads it slowly is not waited
 * for, but what Node does at the end of a response is done then.
 */
export function untilWritten(response: ServerResponse): Promise<void> {
  if (response.writableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('prefinish', resolve);
    response.once('close', resolve);
  });
}
