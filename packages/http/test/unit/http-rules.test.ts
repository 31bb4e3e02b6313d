import test from 'ava';
import { DEFAULT_HTTP_POLICY, HttpRules, readForwarding } from '../../src/index.ts';
import type { HttpPolicy } from '../../src/index.ts';

const rules = (policy: Partial<HttpPolicy> = {}): HttpRules =>
  new HttpRules({ ...DEFAULT_HTTP_POLICY, ...policy });

/** Fields by their names in small letters. */
const fields = (values: Readonly<Record<string, string>>): { all(name: string): readonly string[] } => ({
  all: (name) => (name in values ? [values[name]!] : []),
});

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

test('what a proxy says decides the scheme, and who the client is', (t) => {
  const said = fields({ 'x-forwarded-proto': 'https', forwarded: 'for=192.0.2.1;proto=https' });
  t.deepEqual(readForwarding(said, 'http', rules()), {
    scheme: 'https',
    forwarded: { for: '192.0.2.1', proto: 'https' },
  });
  t.deepEqual(readForwarding(fields({}), 'https', rules()), {
    scheme: 'https',
    forwarded: undefined,
  });
});

test('the values of secureSchemeHeaders are compared without regard to case', (t) => {
  const policy = rules({ secureSchemeHeaders: { 'X-Tls': 'YES' } });
  t.is(readForwarding(fields({ 'x-tls': 'yes' }), 'http', policy).scheme, 'https');
  t.is(readForwarding(fields({ 'x-tls': 'no' }), 'https', policy).scheme, 'http');
  t.is(readForwarding(fields({ 'x-forwarded-proto': 'https' }), 'http', policy).scheme, 'http');
});

test('no header decides the scheme when secureSchemeHeaders is empty', (t) => {
  const policy = rules({ secureSchemeHeaders: {} });
  t.is(readForwarding(fields({ 'x-forwarded-proto': 'https' }), 'http', policy).scheme, 'http');
});
