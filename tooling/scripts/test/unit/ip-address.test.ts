import * as net from 'node:net';
import test from 'ava';
import { isIP, isIPv6 } from '../../src/ip-address.ts';

const GROUPS = ['', '0', 'a', 'FFFF', '12345', 'g', '1.2.3.4', '256.1.1.1', '1.2.3'];
const ZONES = ['', '%', '%eth0', '%a b', '%1%2'];

/** Addresses of all lengths, right and wrong: each group in each place, and `::` in each. */
function* addresses(): Generator<string> {
  for (let length = 1; length <= 9; length++)
    for (let place = 0; place < length; place++)
      for (const group of GROUPS) {
        const groups = Array.from({ length }, (_, index) => (index === place ? group : '1'));
        yield groups.join(':');
        yield `:${groups.join(':')}`;
        yield `${groups.join(':')}:`;
        for (let at = 0; at <= length; at++)
          yield `${groups.slice(0, at).join(':')}::${groups.slice(at).join(':')}`;
      }
}

test('it says of every text what Node.js says of it', (t) => {
  let right = 0;
  for (const address of addresses())
    for (const zone of ZONES) {
      const text = address + zone;
      if (isIP(text) !== net.isIP(text)) t.is(isIP(text), net.isIP(text) as 0 | 4 | 6, text);
      if (net.isIPv6(text)) right++;
    }
  t.true(right > 500);
});

test('what is no address of version 6 at all', (t) => {
  for (const text of [
    '',
    ':',
    ':::',
    '1:::2',
    '1::2::3',
    '::%',
    ' ::1',
    '::1\n',
    '[::1]',
    '127.0.0.1',
    'localhost',
  ])
    t.is(isIPv6(text), net.isIPv6(text), JSON.stringify(text));
});
