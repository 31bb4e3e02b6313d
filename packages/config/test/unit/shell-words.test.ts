import test from 'ava';
import { splitShellWords } from '../../src/shell-words.ts';

const cases: [text: string, words: string[]][] = [
  ['', []],
  ['  \t\n', []],
  ['--workers 4', ['--workers', '4']],
  [`--name 'two words'`, ['--name', 'two words']],
  [`--name="two words"`, ['--name=two words']],
  [`a'b'"c"d`, ['abcd']],
  [`'' ""`, ['', '']],
  [`two\\ words`, ['two words']],
  [`"a \\" b" "c\\d"`, ['a " b', 'c\\d']],
  [`'a \\ b'`, ['a \\ b']],
  [`-e A=$HOME #x`, ['-e', 'A=$HOME', '#x']],
];

for (const [text, words] of cases) {
  test(`${JSON.stringify(text)} gives ${JSON.stringify(words)}`, (t) => {
    t.deepEqual(splitShellWords(text), words);
  });
}

for (const text of [`'open`, `"open`, 'ends\\']) {
  test(`${JSON.stringify(text)} is refused`, (t) => {
    t.throws(() => splitShellWords(text), { instanceOf: SyntaxError });
  });
}
