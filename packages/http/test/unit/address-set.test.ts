import test from 'ava';
import { AddressSet, PolicyError } from '../../src/index.ts';

const CASES: readonly (readonly [entries: string[], address: string, within: boolean])[] = [
  [['127.0.0.1'], '127.0.0.1', true],
  [['127.0.0.1'], '127.0.0.2', false],
  [['127.0.0.1'], '::ffff:127.0.0.1', true],
  [['127.0.0.1'], '::FFFF:127.0.0.1', true],
  [['::1'], '::1', true],
  [['::1'], '0:0:0:0:0:0:0:1', true],
  [['10.0.0.0/8'], '10.255.0.1', true],
  [['10.0.0.0/8'], '11.0.0.1', false],
  [['10.1.2.3/8'], '10.9.9.9', true],
  [['0.0.0.0/0'], '192.0.2.1', true],
  [['0.0.0.0/0'], '2001:db8::1', false],
  [['fd00::/8'], 'fd12::1', true],
  [['fd00::/8'], 'fe80::1', false],
  [['::/0'], '2001:db8::1', true],
  [['::/0'], '192.0.2.1', false],
  [['fe80::/10'], 'fe80::1%eth0', true],
  [['::ffff:10.0.0.0/104'], '10.2.3.4', true],
  [['::ffff:10.0.0.0/104'], '11.2.3.4', false],
  [['::ffff:a00:1'], '10.0.0.1', true],
  [['10.0.0.1'], '0:0:0:0:0:ffff:a00:1', true],
  [['10.0.0.1'], '::ffff:0:a00:1', false],
  [['*'], '192.0.2.1', true],
  [['*'], 'not an address', true],
  [['127.0.0.1'], 'not an address', false],
  [[], '127.0.0.1', false],
  [[], '', true],
];

for (const [entries, address, within] of CASES) {
  test(`${address || 'a unix socket'} is ${within ? '' : 'not '}in [${entries.join(', ')}]`, (t) => {
    const set = new AddressSet(entries);
    t.is(set.has(address), within);
    t.is(set.has(address), within, 'the remembered answer is the same');
  });
}

test('the answer for one peer is not given to the next', (t) => {
  const set = new AddressSet(['127.0.0.1']);
  t.deepEqual(
    ['127.0.0.1', '127.0.0.2', '127.0.0.1'].map((address) => set.has(address)),
    [true, false, true],
  );
});

for (const entry of ['localhost', '10.0.0.0/33', '10.0.0.0/', '::1/129', '10.0.0.0/-1', '10.0.0', '']) {
  test(`an entry "${entry}" is refused, and the message says what to write`, (t) => {
    const error = t.throws(() => new AddressSet([entry]), {
      instanceOf: PolicyError,
      code: 'ERR_HTTP_POLICY',
    });
    t.regex(error?.message ?? '', /neither an address nor a network; write/);
  });
}
