import test from 'ava';
import { isPlainHost, parseAuthority } from '../../src/authority.ts';

test('an authority is taken apart into host and port', (t) => {
  t.deepEqual(parseAuthority('example.test:8000'), { host: 'example.test', port: 8000 });
  t.deepEqual(parseAuthority('example.test'), { host: 'example.test', port: undefined });
  t.deepEqual(parseAuthority('example.test:'), { host: 'example.test', port: undefined });
  t.deepEqual(parseAuthority('[2001:db8::1]:443'), { host: '[2001:db8::1]', port: 443 });
  t.deepEqual(parseAuthority('[v1.a:b]'), { host: '[v1.a:b]', port: undefined });
  t.deepEqual(parseAuthority(''), { host: '', port: undefined });
  t.deepEqual(parseAuthority('a%20b'), { host: 'a%20b', port: undefined });
});

for (const text of [
  'a b',
  'a/b',
  'me@a',
  'a:b',
  'a:1:2',
  '[::1',
  '::1',
  '[::1]x',
  '[]',
  'a%2',
  'é',
  'a:99999',
  'a:000080',
]) {
  test(`"${text}" is no authority`, (t) => {
    t.is(parseAuthority(text), undefined);
  });
}

for (const text of ['a', 'a.b-c', '127.0.0.1', 'a:1', 'a:8000', 'A.B:9', 'a:', 'a:65535', 'a:00001', '']) {
  test(`"${text}" is plainly a host, and the careful look agrees`, (t) => {
    const bytes = Buffer.from(`x${text}x`, 'latin1');
    t.true(isPlainHost(bytes, 1, bytes.length - 1));
    t.not(parseAuthority(text), undefined);
  });
}

for (const text of ['a_b', '[::1]', 'a:65536', 'a:080000', 'a b', 'a:b', 'a:1:2', 'a/']) {
  test(`"${text}" is not plainly a host`, (t) => {
    const bytes = Buffer.from(text, 'latin1');
    t.false(isPlainHost(bytes, 0, bytes.length));
  });
}
