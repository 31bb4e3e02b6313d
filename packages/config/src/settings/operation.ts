import { parseStatsdAddress } from '@gunicorn-ts/interface';
import { parseBind } from '../bind.ts';
import { defineSection, type Definitions } from '../definition.ts';
import { oneOf, optionalText, quote, yesOrNo } from '../value.ts';

type Keys =
  | 'adminBind'
  | 'metrics'
  | 'statsdHost'
  | 'statsdPrefix'
  | 'dogstatsdTags'
  | 'enableBacklogMetric'
  | 'statsdMode';

/** The port is not to be guessed: that of `bind` is taken. */
function adminBind(value: unknown): string | undefined {
  const entry = optionalText(value);
  if (entry === undefined) return undefined;
  const target = parseBind(entry);
  const isGiven = target.kind === 'unix' || (target.kind === 'tcp' && /:\d+$/.test(entry));
  if (!isGiven)
    throw new TypeError(`must be "HOST:PORT" or "unix:PATH", such as "127.0.0.1:9000", not ${quote(value)}`);
  return entry;
}

function statsdHost(value: unknown): string | undefined {
  const address = optionalText(value);
  if (address !== undefined) parseStatsdAddress(address);
  return address;
}

/** What goes into a datagram beside numbers: Gunicorn, too, sends ASCII. */
function datagramText(value: unknown): string {
  const text = optionalText(value) ?? '';
  if (/^[\x21-\x7e]*$/.test(text)) return text;
  throw new TypeError(`must be printable ASCII without spaces, not ${quote(value)}`);
}

export const operationSettings: Definitions<Keys> = defineSection('Operation', {
  adminBind: {
    describe:
      'Where health, metrics and a status page are shown, over HTTP: `HOST:PORT`, `[v6]:PORT`, `:PORT` or `unix:PATH`. For looking only. Whoever reaches it sees paths of requests.',
    default: undefined,
    defaultText: 'nowhere',
    parse: adminBind,
    flag: { names: ['--admin-bind'], kind: 'value', metavar: 'ADDRESS' },
    example: `'127.0.0.1:9000'`,
  },
  metrics: {
    describe: 'Count requests, connections and times in memory that workers share with the arbiter.',
    default: true,
    parse: yesOrNo,
    flag: { names: ['--no-metrics'], kind: 'switch', sets: false },
    example: 'false',
  },
  statsdHost: {
    describe: 'Address of the StatsD server: `HOST`, `HOST:PORT`, `[v6]:PORT` or `unix://PATH`.',
    default: undefined,
    parse: statsdHost,
    flag: { names: ['--statsd-host'], kind: 'value', metavar: 'ADDRESS' },
    example: `'127.0.0.1:8125'`,
  },
  statsdPrefix: {
    describe: 'Prefix of the names that are sent there; a dot follows it.',
    default: '',
    defaultText: 'none',
    parse: datagramText,
    flag: { names: ['--statsd-prefix'], kind: 'value', metavar: 'PREFIX' },
    example: `'shop'`,
  },
  dogstatsdTags: {
    describe: 'Tags of DogStatsD to append, with commas between them: `tag1:value1,tag2:value2`.',
    default: '',
    defaultText: 'none',
    parse: datagramText,
    flag: { names: ['--dogstatsd-tags'], kind: 'value', metavar: 'TAGS' },
    example: `'env:prod'`,
  },
  enableBacklogMetric: {
    describe:
      'Send `gunicorn.backlog` once a second: the connections that wait at the listeners. Linux and TCP only.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--enable-backlog-metric'], kind: 'switch' },
    example: 'true',
  },
  statsdMode: {
    describe:
      "`exact`: Gunicorn's datagrams, three a request. `summary`: their sums, from the arbiter, once a second.",
    default: 'exact',
    parse: oneOf(['exact', 'summary']),
    flag: { names: ['--statsd-mode'], kind: 'value', metavar: 'MODE' },
    example: `'summary'`,
  },
});
