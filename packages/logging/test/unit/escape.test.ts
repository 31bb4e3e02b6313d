import test from 'ava';
import { escapeField, escapeJsonLine, escapeMessage } from '../../src/escape.ts';

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
