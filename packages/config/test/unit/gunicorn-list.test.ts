import test from 'ava';
import { FlagTable, flagsOf } from '../../src/flag.ts';
import { parseCommandLine } from '../../src/command-line.ts';
import { GUNICORN_SETTINGS } from '../../src/gunicorn-list.ts';
import { gunicornVerdict } from '../../src/gunicorn-verdict.ts';
import { findMeanings } from '../../src/python-meaning.ts';
import { builtinDefinitions } from '../../src/registry.ts';

const all = Object.values(GUNICORN_SETTINGS).flat();
const flags = new FlagTable(flagsOf(builtinDefinitions));

test('The list is that of Gunicorn 27.0.1: 120 settings and hooks', (t) => {
  t.is(new Set(all.map(({ name }) => name)).size, 120);
});

for (const { name, flags: spellings } of all) {
  test(`Gunicorn's ${name} is honoured or named, on the command line and in gunicorn.conf.py`, (t) => {
    t.not(gunicornVerdict(name).verdict, 'silent');
    for (const spelling of spellings) {
      const { problems } = parseCommandLine([spelling, '1'], flags, 'flag');
      t.false(
        problems.some(({ message }) => message.includes('is not an option')),
        `${spelling}: ${JSON.stringify(problems)}`,
      );
    }
    // Gunicorn does not look for it there either.
    if (name === 'config') return;
    const values = { [name]: 'something' };
    const found = findMeanings({ values, functions: {}, objects: {} }, builtinDefinitions);
    t.false(
      found.some(({ kind }) => kind === 'unknown'),
      JSON.stringify(found),
    );
  });
}

test('A flag that Gunicorn does not have is a problem', (t) => {
  const { problems } = parseCommandLine(['--no-such-flag'], flags, 'flag');
  t.deepEqual(
    problems.map(({ message }) => message.includes('is not an option')),
    [true],
  );
});
