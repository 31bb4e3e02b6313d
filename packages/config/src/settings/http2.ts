import type { Settings } from '@gunicorn-ts/interface';
import { defineSection, type Definitions } from '../definition.ts';
import { oneOf, quote, texts, wholeNumber, wholeNumberWithin } from '../value.ts';

type Keys =
  | 'httpProtocols'
  | 'http2Cleartext'
  | 'http2MaxConcurrentStreams'
  | 'http2InitialWindowSize'
  | 'http2MaxFrameSize'
  | 'http2MaxHeaderListSize';

type Protocol = Settings['httpProtocols'][number];

/** By the names of TLS (ALPN), and by Gunicorn's. */
const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  ['h2', 'h2'],
  ['http/1.1', 'http/1.1'],
  ['h1', 'http/1.1'],
]);

function httpProtocols(value: unknown): readonly Protocol[] {
  const words = texts(value)
    .flatMap((item) => item.split(','))
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
  const rule = 'must name "h2", "http/1.1" or both, the preferred one first';
  if (words.length === 0) throw new TypeError(`${rule}, not ${quote(value)}`);
  if (words.includes('h3')) {
    throw new TypeError(`${rule}; HTTP/3 is not served: leave "h3" out, and end it in a proxy in front`);
  }
  const protocols = words.map((word) => {
    const protocol = PROTOCOLS.get(word);
    if (protocol === undefined) throw new TypeError(`${rule}, not ${quote(word)}`);
    return protocol;
  });
  if (new Set(protocols).size < protocols.length) throw new TypeError(`${rule}, and each once`);
  return protocols;
}

const cleartextMode = oneOf(['off', 'prior-knowledge']);

/** `true` and `false` are Gunicorn's other spellings. */
function cleartext(value: unknown): Settings['http2Cleartext'] {
  if (value === true || value === 'true') return 'prior-knowledge';
  if (value === false || value === 'false') return 'off';
  if (value === 'upgrade' || value === 'both') {
    throw new TypeError(
      `must be "off" or "prior-knowledge", not ${quote(value)}: RFC 9113 has taken "Upgrade: h2c" out of HTTP, and no proxy needs it`,
    );
  }
  return cleartextMode(value);
}

const LARGEST_WINDOW = 2 ** 31 - 1;
const MOST_STREAMS = 2 ** 31 - 1;
const SMALLEST_FRAME = 2 ** 14;
const LARGEST_FRAME = 2 ** 24 - 1;

export const http2Settings: Definitions<Keys> = defineSection('HTTP/2', {
  httpProtocols: {
    describe:
      'Versions of HTTP that are served, the preferred one first: `h2` is HTTP/2, by TLS, or as `http2Cleartext` says; `http/1.1`, or `h1`, is HTTP/1. Worker class `event`.',
    default: ['http/1.1'],
    parse: httpProtocols,
    flag: { names: ['--http-protocols'], kind: 'value', metavar: 'LIST' },
    example: `['h2', 'http/1.1']`,
  },
  http2Cleartext: {
    describe:
      'HTTP/2 without TLS, for a proxy in front: `prior-knowledge` takes connections of the peers in `forwardedAllowIps`, and of unix sockets, that begin with its preface.',
    default: 'off',
    parse: cleartext,
    flag: { names: ['--http2-cleartext'], kind: 'value', metavar: 'MODE' },
    example: `'prior-knowledge'`,
  },
  http2MaxConcurrentStreams: {
    describe: 'Most requests at a time on one HTTP/2 connection.',
    default: 100,
    parse: wholeNumberWithin(1, MOST_STREAMS),
    flag: { names: ['--http2-max-concurrent-streams'], kind: 'value', metavar: 'INT' },
    example: '250',
  },
  http2InitialWindowSize: {
    describe: 'Bytes of a request body that a client may send on an HTTP/2 stream before any is read.',
    unit: 'bytes',
    default: 65_535,
    parse: wholeNumberWithin(0, LARGEST_WINDOW),
    flag: { names: ['--http2-initial-window-size'], kind: 'value', metavar: 'BYTES' },
    example: '1_048_576',
  },
  http2MaxFrameSize: {
    describe: 'Longest HTTP/2 frame that a client may send, in bytes.',
    unit: 'bytes',
    default: SMALLEST_FRAME,
    parse: wholeNumberWithin(SMALLEST_FRAME, LARGEST_FRAME),
    flag: { names: ['--http2-max-frame-size'], kind: 'value', metavar: 'BYTES' },
    example: '65_536',
  },
  http2MaxHeaderListSize: {
    describe:
      'Most bytes of all headers of an HTTP/2 request, uncompressed and with 32 bytes for each; the stream of a larger one is reset. 0 is no limit.',
    unit: 'bytes',
    default: 65_536,
    parse: wholeNumber(),
    flag: { names: ['--http2-max-header-list-size'], kind: 'value', metavar: 'BYTES' },
    example: '16_384',
  },
});
