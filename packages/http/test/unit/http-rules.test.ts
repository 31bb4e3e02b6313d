import test from 'ava';
import {
  DEFAULT_HTTP_POLICY,
  HttpRules,
  RawHeaders,
  dropUnderscoreNames,
  readForwarding,
} from '../../src/index.ts';
import type { HttpPolicy } from '../../src/index.ts';

const rules = (policy: Partial<HttpPolicy> = {}): HttpRules =>
  new HttpRules({ ...DEFAULT_HTTP_POLICY, ...policy });

for (const [headerMap, name, trusted, verdict] of [
  ['drop', 'X_A', true, 'drop'],
  ['drop', 'X_A', false, 'drop'],
  ['drop', 'script_name', true, 'keep'],
  ['drop', 'script_name', false, 'drop'],
  ['refuse', 'X_A', true, 'refuse'],
  ['refuse', 'PATH_INFO', true, 'keep'],
  ['refuse', 'PATH_INFO', false, 'refuse'],
  ['dangerous', 'X_A', false, 'keep'],
] as const) {
  test(`headerMap ${headerMap}: ${name} from ${trusted ? 'a trusted peer' : 'a stranger'}: ${verdict}`, (t) => {
    t.is(rules({ headerMap }).underscoreVerdict(name, trusted), verdict);
  });
}

test('the raw headers of node:http lose their underscore names, and are left alone when there are none', (t) => {
  const clean = ['Host', 'a_b', 'X-Y', 'z_z'];
  t.is(dropUnderscoreNames(clean, '192.0.2.1', rules()), clean);
  const raw = ['Host', 'a', 'X_Y', 'z', 'SCRIPT_NAME', '/app'];
  t.deepEqual(dropUnderscoreNames(raw, '192.0.2.1', rules()), ['Host', 'a']);
  t.deepEqual(dropUnderscoreNames(raw, '127.0.0.1', rules()), ['Host', 'a', 'SCRIPT_NAME', '/app']);
  t.throws(() => dropUnderscoreNames(raw, '127.0.0.1', rules({ headerMap: 'refuse' })), {
    code: 'underscore-name',
  });
});

test('what a proxy says is read from the raw headers of node:http as from our own', (t) => {
  const raw = new RawHeaders(['x-forwarded-proto', 'https', 'Forwarded', 'for=192.0.2.1;proto=https']);
  t.deepEqual(readForwarding(raw, 'http', rules()), {
    scheme: 'https',
    forwarded: { for: '192.0.2.1', proto: 'https' },
  });
  t.deepEqual(readForwarding(new RawHeaders([]), 'https', rules()), {
    scheme: 'https',
    forwarded: undefined,
  });
});

test('the values of secureSchemeHeaders are compared without regard to case', (t) => {
  const policy = rules({ secureSchemeHeaders: { 'X-Tls': 'YES' } });
  t.is(readForwarding(new RawHeaders(['X-TLS', 'yes']), 'http', policy).scheme, 'https');
  t.is(readForwarding(new RawHeaders(['X-TLS', 'no']), 'https', policy).scheme, 'http');
  t.is(readForwarding(new RawHeaders(['X-Forwarded-Proto', 'https']), 'http', policy).scheme, 'http');
});

test('no header decides the scheme when secureSchemeHeaders is empty', (t) => {
  const policy = rules({ secureSchemeHeaders: {} });
  t.is(readForwarding(new RawHeaders(['X-Forwarded-Proto', 'https']), 'http', policy).scheme, 'http');
});
