import { printJson, printLines } from '../output.ts';
import type { Verb } from '../verb.ts';

/** `gunicorn config`. */
export const config: Verb = {
  operands: '[KEY...]',
  more: 'Values of the environment are not shown. gunicorn --print-config says what a start would use, and where each value comes from.',
  exits: { 0: 'the settings were shown', 1: 'there is no such setting' },
  async run({ isJson, words }, { session, io }) {
    const all = await session.ask<Readonly<Record<string, unknown>>>('settings');
    const unknown = words.find((word) => !Object.hasOwn(all, word));
    if (unknown !== undefined) {
      io.stderr.write(`there is no setting ${unknown} that has a value\n`);
      return 1;
    }
    const shown = words.length === 0 ? all : Object.fromEntries(words.map((word) => [word, all[word]]));
    if (isJson) printJson(io, shown);
    else
      printLines(
        io,
        Object.entries(shown).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
      );
    return 0;
  },
};
