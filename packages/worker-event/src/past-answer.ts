import type { ServerResponse } from 'node:http';

const answered = Symbol('status of the answer past the response');

type Answered = ServerResponse & { [answered]?: number };

/**
 * Writes an answer past the response object: the application still holds that, and would crash the process
 * by writing to a response that has ended. It sees its client go away instead, which also aborts its signals.
 * @param text a whole response
 */
export function answerPast(response: ServerResponse, status: number, text: string): void {
  const { socket } = response;
  if (socket === null || response.headersSent || !socket.writable) {
    response.req.socket.destroy();
    return;
  }
  (response as Answered)[answered] = status;
  socket.end(text);
  // The kernel takes so short a text at once, unless the client has stopped reading long ago.
  if (socket.writableLength > 0) socket.destroy();
  else socket.destroySoon();
}

/** The status that {@link answerPast} gave. */
export function pastStatus(response: ServerResponse): number | undefined {
  return (response as Answered)[answered];
}
