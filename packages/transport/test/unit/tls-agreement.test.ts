import test from 'ava';
import { CIPHER_SUITES } from '../../src/cipher-suites.ts';
import { distinguishedName } from '../../src/tls-agreement.ts';

test('a name is written as RFC 4514 has it: the most special part first', (t) => {
  t.is(distinguishedName('C=DE\nO=Shop\\, Inc.\nCN=alice'), 'CN=alice,O=Shop\\, Inc.,C=DE');
  t.is(distinguishedName('CN=alice'), 'CN=alice');
  t.is(distinguishedName(''), '');
});

test('parts that belong together stay together', (t) => {
  t.is(distinguishedName('O=Shop\nCN=alice + UID=a\\ + b'), 'CN=alice+UID=a\\ + b,O=Shop');
});

test('each cipher suite has a number of its own, of two bytes', (t) => {
  const numbers = Object.values(CIPHER_SUITES);
  t.is(new Set(numbers).size, numbers.length);
  t.true(numbers.every((number) => number > 0 && number <= 0xffff));
});
