import test from 'ava';
import { parseUnit } from '../../src/unit/parse-unit.ts';
import { splitUnitWords } from '../../src/unit/split-words.ts';
import { unitProgram, unitText, unitWord, unitWords } from '../../src/unit/unit-word.ts';
import { writeUnit } from '../../src/unit/write-unit.ts';

const service = (key: string, value: string): Parameters<typeof writeUnit>[0] => ({
  sections: [{ name: 'Service', entries: [{ key, value }] }],
});

test('a unit is written in its order, with comments above their lines', (t) => {
  const text = writeUnit({
    sections: [
      { name: 'Unit', entries: [{ key: 'Description', value: 'An application' }] },
      { name: 'Service', entries: [{ key: 'Type', value: 'notify', comment: ['Why it is so.'] }] },
    ],
  });
  t.is(text, '[Unit]\nDescription=An application\n\n[Service]\n# Why it is so.\nType=notify\n');
});

for (const [value, why] of [
  ['a\nb', 'a line break'],
  ['a\rb', 'a line break'],
  ['a\0b', 'zero bytes'],
  [' a', 'blanks at its ends'],
  ['a\t', 'blanks at its ends'],
  ['a\\', 'a backslash at the end'],
  ['a\\\\\\', 'a backslash at the end'],
  ['\ud800', 'half a surrogate pair'],
] as const) {
  test(`a value is refused in one sentence: ${JSON.stringify(value)}`, (t) => {
    const error = t.throws(() => writeUnit(service('Description', value)), { code: 'ERR_UNIT_VALUE' });
    t.true(error.message.includes(why), error.message);
    t.false(error.message.includes('\n'));
  });
}

test('a value may end in a whole number of escaped backslashes', (t) => {
  const unit = service('Environment', String.raw`A=\\`);
  t.deepEqual(parseUnit(writeUnit(unit)), unit);
});

test('continued lines are joined by blanks, past comments, as systemd joins them', (t) => {
  const text = '[Service]\nExecStart=/bin/echo one \\\n# a comment\n  ; another\n  two\\\n\tthree\n';
  t.deepEqual(parseUnit(text), service('ExecStart', '/bin/echo one  two three'));
});

for (const [text, message] of [
  ['Type=notify\n', 'line 1 of the unit stands before the first section'],
  ['[Service]\nType\n', 'line 2 of the unit is neither'],
  ['[Service\n', 'line 1 of the unit is no section'],
  ['[Service]\n\nExecStart=/bin/echo \\', 'line 3 of the unit is continued by nothing'],
] as const) {
  test(`a text that is no unit is refused: ${JSON.stringify(text)}`, (t) => {
    const error = t.throws(() => parseUnit(text), { code: 'ERR_UNIT_SYNTAX' });
    t.true(error.message.startsWith(message), error.message);
  });
}

test('words are quoted only where they must be', (t) => {
  const words = [
    'plain',
    '/a/path',
    'with blank',
    'a"b',
    "it's",
    'a\\b',
    'two\nlines',
    '',
    ';',
    '100%',
    '$HOME',
  ];
  t.is(
    unitWords(words, { command: true }),
    String.raw`plain /a/path "with blank" "a\"b" "it's" "a\\b" "two\nlines" "" ";" 100%% $$HOME`,
  );
  t.is(unitWord('$HOME'), '$HOME', 'only commands replace variables');
  t.is(unitText('50% of "$x"'), '50%% of "$x"');
  t.is(unitText('%i and %n', { instance: true }), '%i and %%n');
});

test('a program is a path that systemd takes for one', (t) => {
  t.is(unitProgram('/opt/node 24/bin/node'), '"/opt/node 24/bin/node"');
  for (const path of ['node', "/opt/it's/node", '/opt/a"b', '/opt/a\\b', '/opt/$x', '/opt/a\nb'])
    t.throws(() => unitProgram(path), { code: 'ERR_UNIT_VALUE' }, path);
});

test('words that systemd refuses are refused', (t) => {
  for (const value of ['"open', "it's", String.raw`\q`, '\\'])
    t.throws(() => splitUnitWords(value), { code: 'ERR_UNIT_VALUE' }, value);
  t.deepEqual(splitUnitWords(String.raw`a'b c'"d" \x41\101\u00e9\s`), ['ab cd', 'AAé ']);
});

test('whatever is written is read back: 2000 random lists of words', (t) => {
  const random = randomNumbers(20_260);
  const alphabet = [
    'a',
    'B',
    '7',
    ' ',
    '\t',
    '\n',
    '\r',
    '"',
    "'",
    '\\',
    '%',
    '$',
    ';',
    '#',
    '=',
    '[',
    ']',
    'é',
    '😀',
    '\u0001',
    '\u007f',
    '\u0085',
    '%i',
    '{',
    '~',
  ];
  for (let round = 0; round < 2000; round += 1) {
    const words = Array.from({ length: 1 + random(4) }, () =>
      Array.from({ length: random(8) }, () => alphabet[random(alphabet.length)] ?? '').join(''),
    );
    const unit = service('ExecStart', unitWords(words, { command: true }));
    const read = parseUnit(writeUnit(unit));
    t.deepEqual(read, unit);
    const value = read.sections[0]?.entries[0]?.value ?? '';
    const unescaped = splitUnitWords(value).map((word) => word.replaceAll('%%', '%').replaceAll('$$', '$'));
    t.deepEqual(unescaped, words);
  }
});

/** Numbers below a limit, the same in every run. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
