import type { SettingDifference } from '../../rehearsal.ts';
import { printJson, printLines } from '../output.ts';
import type { Verb, VerbArguments, VerbContext } from '../verb.ts';

/** Longer than reading settings takes; the application is loaded behind it. */
const DIFFERENCES_MS = 600_000;

/** `gunicorn config`. */
export const config: Verb = {
  operands: '[KEY...]',
  options: [{ name: 'diff', describe: 'Only what a reload would change, as the configuration is now' }],
  more: 'Values of the environment are not shown. gunicorn --print-config says what a start would use, and where each value comes from.',
  exits: {
    0: 'the settings were shown; with --diff: a reload would change none',
    1: 'there is no such setting; with --diff: a reload would change some, or be refused',
  },
  async run(given, context) {
    if (given.options['diff'] === true) return showDifferences(given, context);
    const { isJson, words } = given;
    const { session, io } = context;
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

async function showDifferences(
  { isJson, words, seconds }: VerbArguments,
  { session, io }: VerbContext,
): Promise<number> {
  const patience = seconds === 0 ? DIFFERENCES_MS : seconds * 1000;
  const answer = await session.ask<{ readonly differences: readonly SettingDifference[] }>(
    'differences',
    {},
    patience,
  );
  const differences = answer.differences.filter(({ key }) => words.length === 0 || words.includes(key));
  if (isJson) printJson(io, differences);
  else if (differences.length === 0) io.stdout.write('A reload would change no setting\n');
  else printLines(io, differences.flatMap(differenceLines));
  return differences.length === 0 ? 0 : 1;
}

function differenceLines({ key, running, next, source }: SettingDifference): readonly string[] {
  return [`- ${key} = ${running}`, `+ ${key} = ${next}  # ${source}`];
}
