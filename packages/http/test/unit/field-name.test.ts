import test from 'ava';
import { fieldName } from '../../src/field-name.ts';

test('a name is what stands there, whatever names were there before', (t) => {
  const letters = 'abAB-1';
  let seed = 1;
  const next = (below: number): number => (seed = (seed * 48_271) % 0x7fff_ffff) % below;
  for (let round = 0; round < 20_000; round++) {
    const name = Array.from({ length: next(7) }, () => letters[next(letters.length)]).join('');
    const text = `${'x'.repeat(next(3))}${name}: v`;
    const start = text.length - name.length - 3;
    t.is(fieldName(text, start, start + name.length), name);
  }
});

test('long names are taken as they are', (t) => {
  const name = 'a'.repeat(300);
  t.is(fieldName(`${name}: v`, 0, 300), name);
  t.is(fieldName(`${name}b: v`, 1, 301), `${name.slice(1)}b`);
});
