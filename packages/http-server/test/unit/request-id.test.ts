import test from 'ava';
import { requestId } from '../../src/observe/request-id.ts';

const make = (): string => 'made';

for (const [said, isBelieved, id] of [
  ['7f3a-0b.c:d/e+f=', true, '7f3a-0b.c:d/e+f='],
  ['7f3a', false, 'made'],
  [undefined, true, 'made'],
  ['', true, 'made'],
  ['a b', true, 'made'],
  ['a"', true, 'made'],
  ['a, b', true, 'made'],
  ['x'.repeat(128), true, 'x'.repeat(128)],
  ['x'.repeat(129), true, 'made'],
] as const) {
  test(`an id "${said?.slice(0, 20) ?? 'of nobody'}" (${said?.length ?? 0}), ${isBelieved ? 'believed' : 'not believed'}, is ${id === said ? 'taken' : 'made anew'}`, (t) => {
    t.is(requestId(said, isBelieved, make), id);
  });
}
