import test from 'ava';
import * as value from '../../src/value.ts';

const accepted: [title: string, parse: value.Parse<unknown>, given: unknown, result: unknown][] = [
  ['a whole number', value.wholeNumber(), 4, 4],
  ['a whole number as text', value.wholeNumber(), ' 4 ', 4],
  ['seconds with a fraction', value.seconds, 0.5, 0.5],
  ['seconds as text', value.seconds, '1.5', 1.5],
  ['bytes', value.bytes, 1024, 1024],
  ['a size', value.bytes, '512mb', 512 * 2 ** 20],
  ['a size of one letter', value.bytes, '1.5 G', 1.5 * 2 ** 30],
  ['a size in binary units', value.bytes, '2KiB', 2048],
  ['a size as digits', value.bytes, '100', 100],
  ['a boolean', value.yesOrNo, false, false],
  ['a boolean as text', value.yesOrNo, 'True', true],
  ['an empty optional text as nothing', value.optionalText, '', undefined],
  ['one of a few words, in capitals', value.oneOf(['info', 'debug']), 'INFO', 'info'],
  ['one text as a list', value.texts, 'a', ['a']],
  ['pairs', value.pairs, ['A=1', 'B='], ['A=1', 'B=']],
  ['peers separated by commas', value.peers, '10.0.0.0/8, ::1,*', ['10.0.0.0/8', '::1', '*']],
  ['no peers', value.peers, '', []],
  ['a network of all addresses', value.peers, ['0.0.0.0/0'], ['0.0.0.0/0']],
  ['octal bits', value.permissionBits, '077', 0o77],
  ['octal bits with a prefix', value.permissionBits, '0o027', 0o27],
  ['no bits', value.permissionBits, '0', 0],
  ['bits as a number', value.permissionBits, 0o22, 0o22],
  ['a name', value.account, 'www-data', 'www-data'],
  ['an id as text', value.account, '1000', 1000],
];

for (const [title, parse, given, result] of accepted) {
  test(`Understood: ${title}`, (t) => {
    t.deepEqual(parse(given), result);
  });
}

const refused: [parse: value.Parse<unknown>, given: unknown, message: string][] = [
  [value.wholeNumber(), 'two', 'must be a whole number of 0 or more, not "two"'],
  [value.wholeNumber(), -1, 'must be a whole number of 0 or more, not -1'],
  [value.wholeNumber(), 1.5, 'must be a whole number of 0 or more, not 1.5'],
  [value.wholeNumber(), '0x4', 'must be a whole number of 0 or more, not "0x4"'],
  [value.wholeNumber(1), 0, 'must be a whole number of 1 or more, not 0'],
  [value.wholeNumber(), true, 'must be a whole number of 0 or more, not true'],
  [value.wholeNumber(), Number.NaN, 'must be a whole number of 0 or more, not NaN'],
  [value.wholeNumber(), [], 'must be a whole number of 0 or more, not []'],
  [value.seconds, '', 'must be a number of seconds, 0 or more, not ""'],
  [value.seconds, Number.POSITIVE_INFINITY, 'must be a number of seconds, 0 or more, not Infinity'],
  [value.seconds, 1e9, 'must be at most 2147483 seconds (24 days), not 1000000000'],
  [value.bytes, '1 potato', 'must be a number of bytes or a size such as "512mb", not "1 potato"'],
  [value.yesOrNo, 1, 'must be true or false, not 1'],
  [value.optionalText, null, 'must be a text, not null'],
  [value.text, '', 'must be a text that is not empty, not ""'],
  [value.oneOf(['a', 'b']), 'c', 'must be one of "a", "b", not "c"'],
  [value.texts, 3, 'must be a text or a list of texts, not 3'],
  [value.texts, ['a', 3], 'must be a list of texts, not ["a",3]'],
  [value.pairs, ['NAME'], 'must be "NAME=VALUE", not "NAME"'],
  [
    value.peers,
    'localhost',
    'must hold IP addresses, networks such as "10.0.0.0/8", or "*", not "localhost"',
  ],
  [value.peers, '10.0.0.1/8', 'must hold networks without host bits; "10.0.0.1/8" has some below /8'],
  [
    value.peers,
    '10.0.0.0/33',
    'must hold IP addresses, networks such as "10.0.0.0/8", or "*", not "10.0.0.0/33"',
  ],
  [
    value.permissionBits,
    '22',
    'must be permission bits in octal, such as "077" or 0o077, not "22"; for octal 22 write "022"',
  ],
  [value.permissionBits, 1000, 'must be permission bits in octal, such as "077" or 0o077, not 1000'],
  [value.account, -1, 'must be a name or an id, not -1'],
  [value.functionOf(1), 'f', 'must be a function, not "f"'],
  [
    value.functionOf(1),
    function hook(a: unknown, b: unknown) {
      return [a, b];
    },
    'is called with 1 argument, but the function hook asks for 2',
  ],
];

for (const [parse, given, message] of refused) {
  test(`Refused: ${message}`, (t) => {
    t.throws(() => parse(given), { message });
  });
}
