import type { IncomingMessage } from 'node:http';
import test from 'ava';
import { TrustedPeers } from '../../src/forwarded.ts';

const HEADERS = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-SSL': 'on' };

const CASES: readonly [patterns: readonly string[], address: string | undefined, trusted: boolean][] = [
  [['127.0.0.1', '::1'], '127.0.0.1', true],
  [['127.0.0.1', '::1'], '::1', true],
  [['127.0.0.1', '::1'], '::ffff:127.0.0.1', true],
  [['127.0.0.1', '::1'], '127.0.0.2', false],
  [['::ffff:10.0.0.1'], '10.0.0.1', true],
  [['10.0.0.0/8'], '10.255.1.2', true],
  [['10.0.0.0/8'], '::ffff:10.1.2.3', true],
  [['10.0.0.0/8'], '11.0.0.1', false],
  [['fd00::/8'], 'fd12::1', true],
  [['fd00::/8'], 'fe80::1', false],
  [['*'], '203.0.113.9', true],
  [[], '127.0.0.1', false],
  [[], undefined, true],
  [[], '', true],
];

for (const [patterns, address, trusted] of CASES) {
  const peer = address === undefined || address === '' ? `the peer of a unix socket (${address})` : address;
  test(`${peer} is ${trusted ? '' : 'not '}trusted by [${patterns.join(', ')}]`, (t) => {
    t.is(new TrustedPeers(patterns, HEADERS).trusts(address), trusted);
  });
}

function request(proto: string | undefined, remoteAddress: string, encrypted = false): IncomingMessage {
  const headers = proto === undefined ? {} : { 'x-forwarded-proto': proto };
  return { headers, socket: { remoteAddress, encrypted } } as unknown as IncomingMessage;
}

test('a trusted peer decides the scheme, another does not', (t) => {
  const peers = new TrustedPeers(['10.0.0.1'], HEADERS);
  t.is(peers.scheme(request('https', '10.0.0.1')), 'https');
  t.is(peers.scheme(request('HTTPS', '10.0.0.1')), 'https');
  t.is(peers.scheme(request('http', '10.0.0.1')), 'http');
  t.is(peers.scheme(request('https, http', '10.0.0.1')), 'http');
  t.is(peers.scheme(request(undefined, '10.0.0.1')), 'http');
  t.is(peers.scheme(request('https', '10.0.0.2')), 'http');
});

test('a TLS connection is https whatever its peer says', (t) => {
  t.is(new TrustedPeers(['*'], HEADERS).scheme(request('http', '10.0.0.1', true)), 'https');
});

test('any of the headers says that a request was secure, and none may deny it', (t) => {
  const peers = new TrustedPeers(['*'], HEADERS);
  const scheme = (headers: Record<string, string>) =>
    peers.scheme({ headers, socket: { remoteAddress: '10.0.0.1' } } as unknown as IncomingMessage);
  t.is(scheme({ 'x-forwarded-ssl': 'On' }), 'https');
  t.is(scheme({ 'x-forwarded-ssl': 'on', 'x-forwarded-proto': 'https' }), 'https');
  t.is(scheme({ 'x-forwarded-ssl': 'on', 'x-forwarded-proto': 'http' }), 'http');
  t.is(scheme({ 'x-forwarded-protocol': 'ssl' }), 'http');
});
