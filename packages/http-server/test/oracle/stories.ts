import type { Story } from './story.ts';
import { ends } from './stories/ends.ts';
import { expectations } from './stories/expectations.ts';
import { refusals } from './stories/refusals.ts';
import { requests } from './stories/requests.ts';
import { sockets } from './stories/sockets.ts';
import { shapes } from './stories/responses.ts';

export const STORIES: readonly Story[] = [
  ...shapes,
  ...requests,
  ...expectations,
  ...ends,
  ...refusals,
  ...sockets,
];
