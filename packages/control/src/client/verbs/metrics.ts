import { printJson } from '../output.ts';
import type { Verb } from '../verb.ts';

/** `gunicorn metrics`. */
export const metrics: Verb = {
  options: [{ name: 'workers', describe: 'What workers count for each of them, by its slot' }],
  more: 'It is the text that Prometheus reads. --admin-bind serves it over HTTP.',
  exits: { 0: 'it was printed' },
  async run({ isJson, options }, { session, io }) {
    const workers = options['workers'] === true;
    const answer = await session.ask<{ readonly text: string }>('metrics', { workers });
    if (isJson) printJson(io, answer);
    else io.stdout.write(answer.text);
    return 0;
  },
};
