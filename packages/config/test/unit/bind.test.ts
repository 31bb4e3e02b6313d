import test from 'ava';
import type { BindTarget } from '@gunicorn-ts/interface';
import { formatBind, parseBind } from '../../src/bind.ts';

const accepted: [entry: string, target: BindTarget][] = [
  ['127.0.0.1:8000', { kind: 'tcp', host: '127.0.0.1', port: 8000 }],
  ['LocalHost', { kind: 'tcp', host: 'localhost', port: 8000 }],
  [':80', { kind: 'tcp', host: '0.0.0.0', port: 80 }],
  ['[::1]:9000', { kind: 'tcp', host: '::1', port: 9000 }],
  ['[::]', { kind: 'tcp', host: '::', port: 8000 }],
  ['tcp://example.org:0', { kind: 'tcp', host: 'example.org', port: 0 }],
  ['unix:/run/app.sock', { kind: 'unix', path: '/run/app.sock' }],
  ['unix:///run/app.sock', { kind: 'unix', path: '/run/app.sock' }],
  ['unix:app.sock', { kind: 'unix', path: 'app.sock' }],
  ['fd://3', { kind: 'fd', fd: 3 }],
  ['fd://web', { kind: 'fd', name: 'web' }],
  ['fd://app.socket', { kind: 'fd', name: 'app.socket' }],
];

for (const [entry, target] of accepted) {
  test(`${entry} is understood`, (t) => {
    t.deepEqual(parseBind(entry), target);
  });
}

const refused: [entry: string, message: RegExp][] = [
  ['', /must not be empty/],
  ['8000', /write ":8000"/],
  ['::1', /write "\[::1\]:8000"/],
  ['[127.0.0.1]:80', /an IPv6 address inside the brackets/],
  ['[::1]:', /a port from 0 to 65535/],
  ['localhost:http', /a port from 0 to 65535/],
  ['localhost:65536', /a port from 0 to 65535/],
  ['a:1:2', /"HOST:PORT"/],
  ['host name:80', /"HOST:PORT"/],
  ['http://localhost:80', /"HOST:PORT", "unix:PATH" or "fd:\/\/N", not "http/],
  ['fd://3x', /a descriptor such as "fd:\/\/3"/],
  ['unix:', /a path such as/],
];

for (const [entry, message] of refused) {
  test(`"${entry.slice(0, 30)}" is refused with a hint`, (t) => {
    t.throws(() => parseBind(entry), { message });
  });
}

test('Two spellings of one address have the same normal form', (t) => {
  t.is(formatBind(parseBind(':80')), formatBind(parseBind('tcp://0.0.0.0:80')));
  t.is(formatBind(parseBind('unix:///a')), formatBind(parseBind('unix:/a')));
  t.is(formatBind(parseBind('[::1]')), '[::1]:8000');
});
