import test from 'ava';
import { escapeField, escapeJsonLine, escapeMessage, markContinuedLines } from '../../src/escape.ts';

const EVERY_BYTE = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

function isControl(character: string): boolean {
  return /\p{Cc}/u.test(character);
}

function hex(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

test('escapeMessage escapes every control character but new lines and tabs, and nothing else', (t) => {
  for (const character of EVERY_BYTE) {
    const stays = !isControl(character) || character === '\n' || character === '\t';
    t.is(escapeMessage(`a${character}b`), `a${stays ? character : hex(character)}b`);
  }
});

test('escapeField escapes every control character, quotes and backslashes', (t) => {
  for (const character of EVERY_BYTE.filter(isControl)) {
    t.is(escapeField(`a${character}b`), `a${hex(character)}b`);
  }
  t.is(escapeField(String.raw`a"b\c`), String.raw`a\"b\\c`);
  t.is(escapeField('\r\n"'), String.raw`\x0d\x0a\"`);
});

test('text beyond Latin-1 stays as it is', (t) => {
  for (const escape of [escapeMessage, escapeField, escapeJsonLine]) {
    t.is(escape('naïve → 日本 🦄'), 'naïve → 日本 🦄');
  }
});

test('escapeJsonLine keeps the meaning of the JSON', (t) => {
  const text = EVERY_BYTE.join('');
  const line = escapeJsonLine(JSON.stringify(text));
  t.false([...line].some(isControl));
  t.is(JSON.parse(line), text);
});

test('what Unicode takes for a line end or a change of direction is escaped', (t) => {
  t.is(escapeMessage('a\u2028b\u2029c\u202ed\u2066e'), String.raw`a\u2028b\u2029c\u202ed\u2066e`);
  t.is(escapeField('a\u2028b'), String.raw`a\u2028b`);
  t.is(escapeJsonLine('"a\u2028b"'), String.raw`"a\u2028b"`);
});

const CONTINUED: readonly [string, string][] = [
  ['one line', 'one line'],
  ['it failed\n    at f (file.ts:1:2)', 'it failed\n    at f (file.ts:1:2)'],
  ['x\n[2026-11-20 21:29:06 +0000] [1] [INFO] ok', 'x\n  [2026-11-20 21:29:06 +0000] [1] [INFO] ok'],
  ['Exception\nTraceback:\n  File "a"\nError: b', 'Exception\n  Traceback:\n    File "a"\n  Error: b'],
  ['a\n\nb\n', 'a\n\n  b\n'],
];

for (const [text, marked] of CONTINUED) {
  test(`no further line of ${JSON.stringify(text)} begins at the margin`, (t) => {
    t.is(markContinuedLines(text), marked);
  });
}
