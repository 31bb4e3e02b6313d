import test from 'ava';
import { builtinDefinitions } from '../../src/registry.ts';

function parse(key: string, value: unknown): unknown {
  return builtinDefinitions.find((definition) => definition.key === key)?.parse(value);
}

const READ: readonly (readonly [key: string, value: unknown, read: unknown])[] = [
  ['httpProtocols', 'h2,h1', ['h2', 'http/1.1']],
  ['httpProtocols', 'H1, H2', ['http/1.1', 'h2']],
  ['httpProtocols', ['h2', 'http/1.1'], ['h2', 'http/1.1']],
  ['http2Cleartext', true, 'prior-knowledge'],
  ['http2Cleartext', 'false', 'off'],
  ['http2Cleartext', 'Prior-Knowledge', 'prior-knowledge'],
  ['http2MaxConcurrentStreams', '1', 1],
  ['http2InitialWindowSize', 2_147_483_647, 2_147_483_647],
  ['http2MaxFrameSize', '16777215', 16_777_215],
  ['http2MaxHeaderListSize', 0, 0],
];

for (const [key, value, read] of READ) {
  test(`${key} ${JSON.stringify(value)} is ${JSON.stringify(read)}`, (t) => {
    t.deepEqual(parse(key, value), read);
  });
}

const PROTOCOLS = 'must name "h2", "http/1.1" or both, the preferred one first';

const REFUSED: readonly (readonly [key: string, value: unknown, message: string | RegExp])[] = [
  ['httpProtocols', '', `${PROTOCOLS}, not ""`],
  ['httpProtocols', ['spdy'], `${PROTOCOLS}, not "spdy"`],
  ['httpProtocols', 'h1,http/1.1', `${PROTOCOLS}, and each once`],
  ['httpProtocols', 'h3,h2', /HTTP\/3 is not served: leave "h3" out/],
  ['http2Cleartext', 'both', /must be "off" or "prior-knowledge", not "both": RFC 9113/],
  ['http2Cleartext', 'yes', 'must be one of "off", "prior-knowledge", not "yes"'],
  ['http2MaxConcurrentStreams', 0, 'must be a whole number of 1 or more, not 0'],
  ['http2InitialWindowSize', 2 ** 31, 'must be a whole number from 0 to 2147483647, not 2147483648'],
  ['http2MaxFrameSize', 16_383, 'must be a whole number of 16384 or more, not 16383'],
  ['http2MaxFrameSize', '16777216', 'must be a whole number from 16384 to 16777215, not "16777216"'],
];

for (const [key, value, message] of REFUSED) {
  test(`${key} ${JSON.stringify(value)} is refused`, (t) => {
    t.throws(() => parse(key, value), { message });
  });
}
