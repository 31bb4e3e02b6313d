import test from 'ava';
import { AddressSet, believedElement, nodeAddress, parseForwarded } from '../../src/index.ts';

test('elements are separated by commas and parameters by semicolons', (t) => {
  t.deepEqual(parseForwarded('for=192.0.2.43;proto=HTTPS, For="[2001:db8::17]:4711";by=_me ; Host=a'), [
    { for: '192.0.2.43', proto: 'https' },
    { for: '[2001:db8::17]:4711', by: '_me', host: 'a' },
  ]);
});

test('a quoted value may hold separators and escaped quotes', (t) => {
  t.deepEqual(parseForwarded('host="a,b;c=\\"d\\\\"'), [{ host: 'a,b;c="d\\' }]);
});

test('empty elements and empty parameters are skipped', (t) => {
  t.deepEqual(parseForwarded(' , ;for=a; ,, '), [{ for: 'a' }]);
  t.deepEqual(parseForwarded(''), []);
});

test('an element of unknown parameters still is an element: it stands for one proxy', (t) => {
  t.deepEqual(parseForwarded('for=a, secret=x'), [{ for: 'a' }, {}]);
});

for (const value of [
  'for',
  'for=',
  'for= a',
  'for =a',
  '=a',
  'for="a',
  'for="a\\',
  'for="\\',
  'for="a"b',
  'for=a b',
  'for=a;for=b',
  'for=[::1]',
]) {
  test(`"${value}" is malformed`, (t) => {
    t.throws(() => parseForwarded(value), { name: 'RequestError', code: 'forwarded' });
  });
}

test('the address of a node comes without brackets and port', (t) => {
  t.is(nodeAddress('192.0.2.1'), '192.0.2.1');
  t.is(nodeAddress('192.0.2.1:80'), '192.0.2.1');
  t.is(nodeAddress('192.0.2.1:_port'), '192.0.2.1');
  t.is(nodeAddress('[2001:db8::1]'), '2001:db8::1');
  t.is(nodeAddress('[2001:db8::1]:80'), '2001:db8::1');
  for (const none of ['unknown', '_hidden', 'a:80', '[a]', '', undefined]) t.is(nodeAddress(none), undefined);
});

test('the believed element is the last one whose reporter is trusted', (t) => {
  const trusted = new AddressSet(['10.0.0.0/8']);
  const believed = (value: string) =>
    believedElement(parseForwarded(value), (address) => trusted.has(address));
  t.deepEqual(believed('for=1.1.1.1, for=2.2.2.2'), { for: '2.2.2.2' });
  t.deepEqual(believed('for=1.1.1.1, for=2.2.2.2, for=10.0.0.1'), { for: '2.2.2.2' });
  t.deepEqual(believed('for=1.1.1.1, for=10.0.0.2, for=10.0.0.1'), { for: '1.1.1.1' });
  t.deepEqual(believed('for=1.1.1.1, for=unknown, for=10.0.0.1'), { for: 'unknown' });
  t.deepEqual(believed('for=10.0.0.1'), { for: '10.0.0.1' });
  t.is(believed(''), undefined);
});
