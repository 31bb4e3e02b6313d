import test from 'ava';
import { DEFAULT_HTTP_POLICY } from '../../../http/src/http-policy.ts';
import { parseCommandLine } from '../../src/command-line.ts';
import { FlagTable, flagsOf } from '../../src/flag.ts';
import { builtinDefinitions } from '../../src/registry.ts';
import { defaultSettings } from './default-settings.ts';

test('Whoever sets nothing gets the policy of the HTTP package', (t) => {
  t.like(defaultSettings(), DEFAULT_HTTP_POLICY);
});

const table = new FlagTable(flagsOf(builtinDefinitions));

const forms: readonly [words: string[], mode: string, positionals: string[]][] = [
  [['--proxy-protocol'], 'auto', []],
  [['--proxy-protocol', 'app.ts'], 'auto', ['app.ts']],
  [['--proxy-protocol', 'v1', 'app.ts'], 'v1', ['app.ts']],
  [['--proxy-protocol=v2'], 'v2', []],
  [['--proxy-protocol', '--daemon'], 'auto', []],
];

for (const [words, mode, positionals] of forms) {
  test(`${words.join(' ')} is the mode ${mode}`, (t) => {
    const line = parseCommandLine(words, table, 'flag');
    t.is(line.given.get('proxyProtocol')?.value, mode);
    t.deepEqual(line.positionals, positionals);
    t.deepEqual(line.problems, []);
  });
}

function parse(key: string, value: unknown): unknown {
  return builtinDefinitions.find((definition) => definition.key === key)?.parse(value);
}

test("Gunicorn's other spellings of the PROXY modes are understood", (t) => {
  t.is(parse('proxyProtocol', true), 'auto');
  t.is(parse('proxyProtocol', 'false'), 'off');
  t.throws(() => parse('proxyProtocol', 'v3'), { message: /must be one of "off", "v1", "v2", "auto"/ });
});

test('Header names are checked', (t) => {
  t.deepEqual(parse('forwarderHeaders', 'SCRIPT_NAME, REMOTE_USER'), ['SCRIPT_NAME', 'REMOTE_USER']);
  t.deepEqual(parse('forwarderHeaders', '*'), ['*']);
  t.throws(() => parse('forwarderHeaders', ['A B']), { message: 'must be names of headers, not "A B"' });
  t.throws(() => parse('secureSchemeHeaders', 'X-FORWARDED-PROTO'));
  t.throws(() => parse('secureSchemeHeaders', { 'X A': 'on' }));
  t.throws(() => parse('secureSchemeHeaders', { 'X-A': 1 }));
});

test('serverHeader is a text that a header can carry, or an empty one', (t) => {
  t.is(parse('serverHeader', ''), '');
  t.is(parse('serverHeader', ' Apache '), 'Apache');
  t.throws(() => parse('serverHeader', 'a\r\nSet-Cookie: b'), {
    message: /must be a text that a header can carry/,
  });
  t.throws(() => parse('serverHeader', false), { message: 'must be a text, not false' });
});
