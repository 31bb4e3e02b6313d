import type { Settings } from '@gunicorn-ts/interface';
import { defineSection, type Definitions } from '../definition.ts';
import {
  bytes,
  fieldValue,
  headerNames,
  headerValues,
  oneOf,
  peers,
  wholeNumber,
  yesOrNo,
} from '../value.ts';

type Keys =
  | 'limitRequestLine'
  | 'limitRequestFields'
  | 'limitRequestFieldSize'
  | 'limitRequestBody'
  | 'limitSpooledBodies'
  | 'permitObsoleteFolding'
  | 'stripHeaderSpaces'
  | 'permitUnconventionalHttpMethod'
  | 'permitUnconventionalHttpVersion'
  | 'casefoldHttpMethod'
  | 'headerMap'
  | 'forwarderHeaders'
  | 'secureSchemeHeaders'
  | 'serverHeader'
  | 'proxyProtocol'
  | 'proxyAllowIps';

const PROXY_VERSIONS = ['off', 'v1', 'v2', 'auto'] as const;
const proxyVersion = oneOf(PROXY_VERSIONS);

/** A mode, or in Gunicorn's other spelling yes (any version) or no. */
function proxyProtocol(value: unknown): Settings['proxyProtocol'] {
  if (value === true || value === 'true') return 'auto';
  if (value === false || value === 'false') return 'off';
  return proxyVersion(value);
}

export const httpSettings: Definitions<Keys> = defineSection('HTTP', {
  limitRequestLine: {
    describe: 'Longest request line, in bytes; a longer one is answered 414. 0 is no limit.',
    unit: 'bytes',
    default: 4094,
    parse: wholeNumber(),
    flag: { names: ['--limit-request-line'], kind: 'value', metavar: 'BYTES' },
    example: '8190',
  },
  limitRequestFields: {
    describe: 'Most header lines of a request; more are answered 431. 0 is 32768, which is also the most.',
    default: 100,
    parse: wholeNumber(),
    flag: { names: ['--limit-request-fields'], kind: 'value', metavar: 'INT' },
    example: '50',
  },
  limitRequestFieldSize: {
    describe: 'Longest header line, in bytes; a longer one is answered 431. 0 is no limit.',
    unit: 'bytes',
    default: 8190,
    parse: wholeNumber(),
    flag: {
      names: ['--limit-request-field_size', '--limit-request-field-size'],
      kind: 'value',
      metavar: 'BYTES',
    },
    example: '16_384',
  },
  limitRequestBody: {
    describe:
      'Longest request body, in bytes (`10mb` is understood); a longer one is answered 413. 0 is no limit.',
    unit: 'bytes',
    default: 1024 ** 3,
    parse: bytes,
    flag: { names: ['--limit-request-body'], kind: 'value', metavar: 'BYTES' },
    example: `'10mb'`,
  },
  limitSpooledBodies: {
    describe:
      'Most bytes of request bodies that a worker keeps in files at a time (`10gb` is understood); a request beyond them is answered 503. 0 is no limit.',
    unit: 'bytes',
    default: 2 * 1024 ** 3,
    parse: bytes,
    flag: { names: ['--limit-spooled-bodies'], kind: 'value', metavar: 'BYTES' },
    example: `'10gb'`,
  },
  permitObsoleteFolding: {
    describe: 'Take headers that are folded over several lines (RFC 9112, section 5.2).',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--permit-obsolete-folding'], kind: 'switch' },
    example: 'true',
  },
  stripHeaderSpaces: {
    describe:
      'Take white space between the name of a header and its colon. Unsafe behind a proxy that reads it otherwise.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--strip-header-spaces'], kind: 'switch' },
    example: 'true',
  },
  permitUnconventionalHttpMethod: {
    describe: 'Take any token as method, also short, long and lower-case ones.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--permit-unconventional-http-method'], kind: 'switch' },
    example: 'true',
  },
  permitUnconventionalHttpVersion: {
    describe: 'Take versions of HTTP other than 1.x.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--permit-unconventional-http-version'], kind: 'switch' },
    example: 'true',
  },
  casefoldHttpMethod: {
    describe: 'Turn methods into capitals before they are checked.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--casefold-http-method'], kind: 'switch' },
    example: 'true',
  },
  headerMap: {
    describe:
      'What happens to a header whose name holds an underscore, and could pass for another one in WSGI or CGI: `drop` it, `refuse` the request, or let it through (`dangerous`).',
    default: 'drop',
    parse: oneOf(['drop', 'refuse', 'dangerous']),
    flag: { names: ['--header-map'], kind: 'value', metavar: 'WORD' },
    example: `'refuse'`,
  },
  forwarderHeaders: {
    describe: 'Header names with an underscore that the peers in `forwardedAllowIps` may send; `*` is any.',
    default: ['SCRIPT_NAME', 'PATH_INFO'],
    parse: headerNames,
    flag: { names: ['--forwarder-headers'], kind: 'value', metavar: 'LIST' },
    example: `['SCRIPT_NAME', 'REMOTE_USER']`,
  },
  secureSchemeHeaders: {
    describe:
      'Headers, each with the value that means `https`, that are believed from the peers in `forwardedAllowIps`.',
    default: {
      'X-FORWARDED-PROTOCOL': 'ssl',
      'X-FORWARDED-PROTO': 'https',
      'X-FORWARDED-SSL': 'on',
    },
    defaultText: '`X-FORWARDED-PROTOCOL: ssl`, `X-FORWARDED-PROTO: https`, `X-FORWARDED-SSL: on`',
    parse: headerValues,
    example: `{ 'X-FORWARDED-PROTO': 'https' }`,
  },
  serverHeader: {
    describe:
      'Value of the `Server` header in every response, error pages too; an empty text sends none. An application that answers by `(req, res)` may still say another one.',
    default: undefined,
    defaultText: '`gunicorn`, and nothing in what a `(req, res)` application sends',
    parse: fieldValue,
    flag: { names: ['--server-header'], kind: 'value', metavar: 'TEXT' },
    example: `''`,
  },
  proxyProtocol: {
    describe: 'Whether connections begin with a PROXY protocol header, and of which version.',
    default: 'off',
    parse: proxyProtocol,
    flag: {
      names: ['--proxy-protocol'],
      kind: 'value',
      metavar: 'MODE',
      alone: { means: 'auto', values: PROXY_VERSIONS },
    },
    example: `'v2'`,
  },
  proxyAllowIps: {
    describe:
      'Peers that may send a PROXY protocol header: addresses, networks in CIDR form, or `*`. Unix sockets always may.',
    default: ['127.0.0.1', '::1'],
    parse: peers,
    flag: { names: ['--proxy-allow-from'], kind: 'value', metavar: 'LIST' },
    example: `['10.0.0.0/8']`,
  },
});
