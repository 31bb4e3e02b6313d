import type http from 'node:http';
import { eventually, RawClient } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { listening, type Make } from '../makers.ts';

/** What a client does, one after the other. A text is sent as it is. */
export type Step =
  | string
  /** Waits until the text has arrived so many times. */
  | { readonly receives: string; readonly times?: number }
  /** Waits until the application has noted it. */
  | { readonly noted: string }
  | 'end'
  | 'reset'
  /** Waits until the server has closed the connection. */
  | 'closes';

/** One thing that a client does to an application, and the application with it. */
export interface Story {
  readonly title: string;
  readonly options?: http.ServerOptions;
  /** Sets the server up. What it notes is compared. */
  application(server: http.Server, note: (text: string) => void): void;
  readonly steps: readonly Step[];
  /** What the application must have noted before the comparison. */
  readonly until?: string;
  /** Why this package does something else than Node's server, when it does. */
  readonly differs?: string;
  /** From which line of Node.js on its server does the same. */
  readonly differsBefore?: number;
  /** That it does so with this transport alone. */
  readonly differsWith?: 'descriptor';
}

export interface Outcome {
  readonly received: string;
  readonly notes: readonly string[];
}

/** Plays a story on a server. */
export async function play(t: ExecutionContext, make: Make, story: Story): Promise<Outcome> {
  const notes: string[] = [];
  const server = make(story.options);
  story.application(server, (text) => notes.push(text));
  const port = await listening(t, server);
  const client = new RawClient(port);
  t.teardown(() => void client.socket.destroy());
  const isNoted = (text: string): Promise<void> =>
    waitFor(() => notes.includes(text), `note "${text}", of ${notes.join(' | ')}; got ${client.received}`);
  for (const step of story.steps) {
    if (step === 'end') client.socket.end();
    else if (step === 'reset') client.socket.resetAndDestroy();
    else if (step === 'closes') await client.closes();
    else if (typeof step === 'string') client.send(step);
    else if ('noted' in step) await isNoted(step.noted);
    else await client.receives(step.receives, step.times);
  }
  if (story.until !== undefined) await isNoted(story.until);
  await client.closes();
  return { received: stripDates(client.received), notes };
}

async function waitFor(holds: () => boolean, what: string): Promise<void> {
  await eventually(holds, what, 8000);
}

function stripDates(text: string): string {
  return text.replaceAll(/Date: [^\r]*/g, 'Date: now');
}
