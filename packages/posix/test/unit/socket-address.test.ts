import test from 'ava';
import { PosixError } from '../../src/errors.ts';
import { platformConstants } from '../../src/platform.ts';
import { decodeSocketAddress, encodeTcpAddress, encodeUnixAddress } from '../../src/socket-address.ts';

const linux = platformConstants('linux');
const darwin = platformConstants('darwin');
const freebsd = platformConstants('freebsd');

function hex(text: string): string {
  return text.replaceAll(' ', '');
}

test('an IPv4 address is written as Linux lays out sockaddr_in', (t) => {
  const bytes = encodeTcpAddress('127.0.0.1', 8000, linux);
  t.is(bytes.toString('hex'), hex('0200 1f40 7f000001 0000000000000000'));
});

test('an IPv4 address is written with its length on BSD systems', (t) => {
  const expected = hex('10 02 1f40 7f000001 0000000000000000');
  t.is(encodeTcpAddress('127.0.0.1', 8000, darwin).toString('hex'), expected);
  t.is(encodeTcpAddress('127.0.0.1', 8000, freebsd).toString('hex'), expected);
});

test('an IPv6 address with a zone is written as Linux lays out sockaddr_in6', (t) => {
  const bytes = encodeTcpAddress('fe80::1%2', 443, linux);
  t.is(bytes.toString('hex'), hex('0a00 01bb 00000000 fe80 0000 0000 0000 0000 0000 0000 0001 02000000'));
});

test('the family of IPv6 has another number on each system', (t) => {
  t.is(encodeTcpAddress('::1', 1, linux)[0], 10);
  t.is(encodeTcpAddress('::1', 1, darwin)[1], 30);
  t.is(encodeTcpAddress('::1', 1, freebsd)[1], 28);
});

for (const [written, read] of [
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['2001:db8::8:800:200c:417a', '2001:db8::8:800:200c:417a'],
  ['2001:DB8:0:0:8:800:200C:417A', '2001:db8::8:800:200c:417a'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ['::ffff:192.0.2.33', '::ffff:192.0.2.33'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ['fe80::1%7', 'fe80::1%7'],
] as const) {
  test(`the IPv6 address ${written} comes back as ${read}`, (t) => {
    for (const constants of [linux, darwin, freebsd]) {
      const bytes = encodeTcpAddress(written, 65_535, constants);
      t.deepEqual(decodeSocketAddress(bytes, bytes.length, constants), {
        kind: 'tcp',
        host: read,
        port: 65_535,
        family: 6,
      });
    }
  });
}

test('an IPv4 address comes back as it was written', (t) => {
  const bytes = encodeTcpAddress('255.0.12.1', 1, linux);
  t.deepEqual(decodeSocketAddress(bytes, bytes.length, linux), {
    kind: 'tcp',
    host: '255.0.12.1',
    port: 1,
    family: 4,
  });
});

for (const host of ['localhost', '', '256.1.1.1', '127.0.0.1 ', '::1::', 'fe80::1%eth0']) {
  test(`${JSON.stringify(host)} is refused: it is not a numeric address`, (t) => {
    t.throws(() => encodeTcpAddress(host, 80, linux), { instanceOf: PosixError, code: 'EINVAL' });
  });
}

for (const port of [-1, 65_536, 1.5, Number.NaN]) {
  test(`${port} is refused: it is not a port`, (t) => {
    t.throws(() => encodeTcpAddress('127.0.0.1', port, linux), {
      code: 'EINVAL',
      message: /ports are 0 to 65535/,
    });
  });
}

test('a unix path is written with its terminating zero, and comes back', (t) => {
  const bytes = encodeUnixAddress('/run/ä', linux);
  t.is(bytes.toString('hex'), hex('0100 2f72756e2fc3a4 00'));
  t.deepEqual(decodeSocketAddress(bytes, bytes.length, linux), { kind: 'unix', path: '/run/ä' });
});

test('a unix path may fill sun_path but for one byte, counted in bytes and not in characters', (t) => {
  t.is(encodeUnixAddress('x'.repeat(107), linux).length, 110);
  const error = t.throws(() => encodeUnixAddress('ä'.repeat(54), linux), { code: 'ENAMETOOLONG' });
  t.regex(error.message, /107 bytes at most, this one has 108/);
  t.throws(() => encodeUnixAddress('x'.repeat(104), darwin), { code: 'ENAMETOOLONG' });
});

test('a unix path that fills sun_path without a terminating zero is read whole', (t) => {
  const bytes = Buffer.concat([Buffer.from([1, 0]), Buffer.alloc(108, 'y')]);
  t.deepEqual(decodeSocketAddress(bytes, bytes.length, linux), { kind: 'unix', path: 'y'.repeat(108) });
});

test('an empty unix path and one with a zero byte are refused', (t) => {
  t.throws(() => encodeUnixAddress('', linux), { code: 'EINVAL' });
  t.throws(() => encodeUnixAddress('/run/\0', linux), { code: 'EINVAL' });
});

test('a name of the abstract namespace is read by its length and shown with an @', (t) => {
  const bytes = Buffer.alloc(128);
  bytes.writeUInt16LE(1, 0);
  bytes.write('\0app', 2);
  t.deepEqual(decodeSocketAddress(bytes, 6, linux), { kind: 'unix', path: '@app' });
});

test('a unix socket without a name has an empty path', (t) => {
  const bytes = Buffer.alloc(128);
  bytes.writeUInt16LE(1, 0);
  t.deepEqual(decodeSocketAddress(bytes, 2, linux), { kind: 'unix', path: '' });
  // macOS gives the length of the whole structure even then.
  t.deepEqual(decodeSocketAddress(Buffer.from([16, 1, ...Buffer.alloc(14)]), 16, darwin), {
    kind: 'unix',
    path: '',
  });
});

test('an address of another family is not decoded', (t) => {
  const bytes = Buffer.alloc(128);
  bytes.writeUInt16LE(40, 0);
  t.is(decodeSocketAddress(bytes, 16, linux), undefined);
});
