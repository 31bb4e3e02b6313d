import test from 'ava';
import { detectProxySignature, readProxyHeader } from '../../src/index.ts';

const V2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

test('a signature is open until a byte differs', (t) => {
  t.is(detectProxySignature(bytes(''), 'auto'), 'more');
  t.is(detectProxySignature(bytes('PROX'), 'auto'), 'more');
  t.is(detectProxySignature(bytes('PROXY '), 'auto'), 1);
  t.is(detectProxySignature(bytes('PROXZ'), 'auto'), 'absent');
  t.is(detectProxySignature(V2.subarray(0, 11), 'auto'), 'more');
  t.is(detectProxySignature(V2, 'auto'), 2);
  t.is(detectProxySignature(bytes('\r\nG'), 'auto'), 'absent');
});

test('only the version that is spoken is looked for', (t) => {
  t.is(detectProxySignature(bytes('PROXY '), 'v2'), 'absent');
  t.is(detectProxySignature(V2, 'v1'), 'absent');
  t.is(detectProxySignature(bytes('PROXY '), 'off'), 'absent');
  t.is(detectProxySignature(bytes(''), 'off'), 'absent');
});

test('a header tells how many bytes it took, and leaves the request behind it alone', (t) => {
  const line = 'PROXY TCP4 192.0.2.1 203.0.113.2 1 2\r\n';
  t.is(readProxyHeader(bytes(`${line}GET / HTTP/1.1\r\n`), 1)?.length, line.length);
  const local = Buffer.concat([V2, Buffer.from([0x20, 0x11, 0, 2, 9, 9]), bytes('GET /')]);
  t.deepEqual(readProxyHeader(local, 2), {
    header: { version: 2, protocol: 'LOCAL', source: undefined, destination: undefined },
    length: 18,
  });
});

test('an unfinished header asks for more', (t) => {
  t.is(readProxyHeader(bytes('PROXY TCP4 1.'), 1), undefined);
  t.is(readProxyHeader(V2, 2), undefined);
  t.is(readProxyHeader(Buffer.concat([V2, Buffer.from([0x21, 0x11, 0, 12, 1])]), 2), undefined);
});

test('the longest line that is allowed is read, and a longer one refused', (t) => {
  const longest = `PROXY UNKNOWN ${'x'.repeat(107 - 16)}\r\n`;
  t.is(longest.length, 107);
  t.is(readProxyHeader(bytes(longest), 1)?.length, 107);
  t.throws(() => readProxyHeader(bytes(`PROXY UNKNOWN ${'x'.repeat(107 - 15)}\r\n`), 1), {
    code: 'proxy-line',
  });
});

test('IPv6 addresses are spelled as the system spells them', (t) => {
  const header = Buffer.concat([V2, Buffer.from([0x21, 0x21, 0, 36]), Buffer.alloc(36)]);
  header[16] = 0x20;
  header[17] = 0x01;
  header[31] = 0x01;
  t.is(readProxyHeader(header, 2)?.header.source?.address, '2001::1');
  t.is(readProxyHeader(header, 2)?.header.destination?.address, '::');
});
