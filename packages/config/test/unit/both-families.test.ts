import { isIP } from 'node:net';
import test from 'ava';
import { canonicalHost, listenAddresses, type NetworkBind } from '../../src/both-families.ts';

/** `HOST/PORT`, or `NAME=HOST,HOST/PORT`. */
function network(text: string): NetworkBind {
  const [, name, hosts = '', port] = /^(?:(\w+)=)?(.*)\/(\d+)$/.exec(text) ?? [];
  return { bind: text, port: Number(port), hosts: hosts.split(','), isName: name !== undefined };
}

const CASES: readonly [binds: string[], opened: string[]][] = [
  [['::/8000'], ['::/8000', '0.0.0.0/8000']],
  [
    ['::/8000', '0.0.0.0/8000'],
    ['::/8000', '0.0.0.0/8000'],
  ],
  [
    ['127.0.0.1/8000', '::/8000'],
    ['127.0.0.1/8000', '::/8000'],
  ],
  [
    ['::/8000', '127.0.0.1/9000'],
    ['::/8000', '0.0.0.0/8000', '127.0.0.1/9000'],
  ],
  [
    ['::/0', '127.0.0.1/0'],
    ['::/0', '0.0.0.0/0', '127.0.0.1/0'],
  ],
  [['::1/8000'], ['::1/8000']],
  [['web=127.0.0.1,::1,127.0.0.1/8000'], ['127.0.0.1/8000', '::1/8000']],
  [
    ['web=127.0.0.1,::1/8000', '127.0.0.1/8000'],
    ['::1/8000', '127.0.0.1/8000'],
  ],
  [
    ['web=127.0.0.1,::1/8000', 'www=127.0.0.1,::1/8000'],
    ['127.0.0.1/8000', '::1/8000'],
  ],
  [
    ['::/8000', 'web=127.0.0.1,::1/8000'],
    ['::/8000', '127.0.0.1/8000'],
  ],
  [
    ['0.0.0.0/8000', 'web=127.0.0.1,::1/8000'],
    ['0.0.0.0/8000', '::1/8000'],
  ],
];

for (const [binds, opened] of CASES) {
  test(`${binds.join(' and ')} open ${opened.join(' and ')}`, (t) => {
    const found = listenAddresses(binds.map(network));
    t.deepEqual(
      found.flatMap(({ hosts, port }) => hosts.map((host) => `${host}/${port}`)),
      opened,
    );
    t.true(found.every(({ hosts }) => hosts.every((host) => isIP(host) !== 0)));
  });
}

test('an address has one spelling', (t) => {
  t.is(canonicalHost('0:0:0:0:0:0:0:0'), '::');
  t.is(canonicalHost('FD00::0001'), 'fd00::1');
  t.is(canonicalHost('fe80::1%eth0'), 'fe80::1%eth0');
  t.is(canonicalHost(''), '0.0.0.0');
  t.is(canonicalHost('example.org'), 'example.org');
});
