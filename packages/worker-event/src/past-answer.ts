import type { ServerResponse } from 'node:http';

const answered = Symbol('the answer past the response');
const cut = Symbol('status of what the server broke off');

/** What was sent in place of the response. */
export interface PastAnswer {
  readonly status: number;
  /** Bytes of its body. */
  readonly bytes: number;
}

type Answered = ServerResponse & { [answered]?: PastAnswer; [cut]?: number };

/**
 * Writes an answer past the response object: the application still holds that, and would crash the process
 * by writing to a response that has ended. It sees its client go away instead, which also aborts its signals.
 * @param text a whole response
 */
export function answerPast(response: ServerResponse, status: number, text: string): void {
  const { socket } = response;
  markCut(response, status);
  if (socket === null || response.headersSent || !socket.writable) {
    response.req.socket.destroy();
    return;
  }
  const bytes = text.length - (text.indexOf('\r\n\r\n') + 4);
  (response as Answered)[answered] = { status, bytes };
  socket.end(text);
  // The kernel takes so short a text at once, unless the client has stopped reading long ago.
  if (socket.writableLength > 0) socket.destroy();
  else socket.destroySoon();
}

/** What {@link answerPast} gave. */
export function pastAnswer(response: ServerResponse): PastAnswer | undefined {
  return (response as Answered)[answered];
}

/** Says what a response counts as, when nothing of it was sent, that the server breaks off and not the client. */
export function markCut(response: ServerResponse, status: number): void {
  (response as Answered)[cut] = status;
}

export function cutStatus(response: ServerResponse): number | undefined {
  return (response as Answered)[cut];
}
