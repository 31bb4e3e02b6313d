/** Why a test ends otherwise on the engine, where that is on purpose. */
export interface Explanation {
  readonly suite: string;
  /** What its title contains. */
  readonly title: string;
  readonly reason: string;
}

const HOST =
  'It sends `Host: http://example.com` or `ws://127.0.0.1`, which is no host: RFC 9112, section 3.2 has such requests refused.';

const ONE_AT_A_TIME =
  'It waits for a second request of the connection before it answers the first: at most one is with the application.';
const LINGERS =
  'Behind a refusal a stream stays until the client has read it (RFC 9112, section 9.6), which this client never does, ' +
  'and what it carries ends with it. Node cuts it at once.';
const UNSTEADY =
  'It passed in one of two rounds, on a machine that was busy with more: nothing else is known of it. Run it again.';
const INSIDE =
  'It looks at what Node keeps inside: its parser, its timer, its lists, or the listeners that it has put on a socket.';
const STRICT =
  'It sends two `Host` headers, or none, or one that is none, a transfer coding that is none, or asks for a CONNECT to ' +
  'no host: refused, as `docs/http.md` says.';

const REFUSED_ONCE =
  'It wants to be told of each further piece that comes behind a refusal. Here a refusal is the last that is read.';

/** Files of Node's own tests. */
const OF_NODE: readonly (readonly [reason: string, files: readonly string[]])[] = [
  [
    INSIDE,
    [
      'dump-req-when-res-ends',
      'no-read-no-dump',
      'parser-memory-retention',
      'req-close-robust-from-tampering',
      'server-async-dispose',
      'server-clear-timer',
      'server-close-destroy-timeout',
      'server-connection-list-when-close',
      'server-keepalive-end',
    ],
  ],
  [
    STRICT,
    [
      'header-owstext',
      'host-header-ipv6-fail',
      'insecure-parser',
      'server-multiheaders',
      'server-multiheaders2',
      'server-unconsume-consume',
      'transfer-encoding-repeated-chunked',
    ],
  ],
  [
    ONE_AT_A_TIME,
    [
      'blank-header',
      'incoming-pipelined-socket-destroy',
      'pipeline-socket-parser-typeerror',
      'server-keep-alive-timeout',
    ],
  ],
  [REFUSED_ONCE, ['server-multiple-client-error', 'socket-error-listeners']],
  [
    "Its errors have the words, the positions or the finer codes of Node's parser.",
    [
      'header-overflow',
      'server-client-error',
      'server-destroy-socket-on-client-error',
      'server-reject-cr-no-lf',
    ],
  ],
  [
    'It sends 30 KB of chunk extensions with six bytes of data. Here 16 KB more than there is data are enough for a whole ' +
      'body, in Node for each chunk.',
    ['chunk-extensions-limit'],
  ],
  ["It makes a class of the server's without `class`, and calls that without `new`.", ['upgrade-server']],
  [
    'Its client leaves just before the answer. Here the kernel takes that all the same, and `finish` comes before `close`, ' +
      'as it does on systems that the test names.',
    ['writable-true-after-close'],
  ],
];

export const EXPLANATIONS: readonly Explanation[] = [
  { suite: 'express', title: 'should escape the url', reason: HOST },
  { suite: 'express', title: 'should not render evil javascript links in anchor href', reason: HOST },
  { suite: 'express', title: 'res when accepting text should encode the url', reason: HOST },
  {
    suite: 'finalhandler',
    title: 'onerror should be invoked when error',
    reason:
      'It expects what the application does with `setImmediate` before its client has read the response. Requests are ' +
      'served where immediates are called, so that those of a request are called a turn of the event loop later: ' +
      'behind a client that lives in the same process.',
  },
  { suite: 'session', title: 'should not set cookie for "http://foo/bar" request', reason: HOST },
  { suite: 'on-finished', title: 'when requests pipelined', reason: ONE_AT_A_TIME },
  { suite: 'on-finished', title: 'when response errors', reason: LINGERS },
  { suite: 'on-finished', title: 'when request errors', reason: LINGERS },
  {
    suite: 'fastify-static',
    title: 'dirs',
    reason:
      'A test that another one begins: node:test tells of it at times as part of that, at times as one beside it.',
  },
  {
    suite: 'superagent',
    title: 'aborted chunked json',
    reason:
      'It cuts off at 150 ms what takes 100 when nothing else runs: on a busy machine it fails on any server.',
  },
  { suite: 'superagent', title: 'query-string should be sent on pipe', reason: UNSTEADY },
  { suite: 'hapi', title: 'disables node socket timeout', reason: INSIDE },
  { suite: 'hapi', title: 'handles aborted requests', reason: ONE_AT_A_TIME },
  {
    suite: 'hapi',
    title: 'sets client address to nothing',
    reason: 'Here the address of a client is known when it has gone, too: logs want it most of all then.',
  },
  {
    suite: 'hapi',
    title: 'handles hostname in HTTP request resource',
    reason: 'It sends a request line without a version, which is none of HTTP/1.1 (RFC 9112, section 3).',
  },
  {
    suite: 'hapi',
    title: 'parser fails with bad method after request',
    reason: 'It sends half a request line and waits for the refusal. Here a line is judged when it is whole.',
  },
  { suite: 'hapi', title: 'faster than timeout', reason: UNSTEADY },
  {
    suite: 'hapi',
    title: 'handles aborted request',
    reason:
      'Mended after this run: the error of a client that ends in its body has the words that Node gives it.',
  },
  { suite: 'undici', title: 'GET with pipelining 10', reason: ONE_AT_A_TIME },
  { suite: 'undici', title: 'twice its pipelining factor', reason: ONE_AT_A_TIME },
  { suite: 'undici', title: 'connect aborted after connect', reason: STRICT },
  { suite: 'undici', title: 'pool connect', reason: STRICT },
  { suite: 'http-proxy', title: 'should pass all set-cookie headers to client', reason: HOST },
  { suite: 'fastify', title: 'Should return 503 while closing - pipelining', reason: ONE_AT_A_TIME },
  {
    suite: 'fastify',
    title: 'hooks.test.js',
    reason: 'Mended after this run: between requests `keepAliveTimeout` alone counts. The file passes since.',
  },
  {
    suite: 'engine.io',
    title: 'upgrades',
    reason: 'Mended after this run: an upgrade without `Host` reaches the application, as in Node.',
  },
  { suite: 'engine.io', title: 'server close', reason: UNSTEADY },
  { suite: 'fastify', title: 'should contains listeningOrigin property', reason: UNSTEADY },
  { suite: 'httpxy', title: 'should hang up the socket at the timeout', reason: UNSTEADY },
  {
    suite: 'hono-node-server',
    title: 'Should not have memory leak',
    reason:
      'It asks for the last request to be collected at once. One or two of the last stay until the next come; of 300 ' +
      'that were aborted no more are left.',
  },
  ...OF_NODE.flatMap(([reason, files]) =>
    files.map((file) => ({ suite: 'node-http', title: `/test-http-${file}.js`, reason })),
  ),
  {
    suite: 'fastify',
    title: 'Unknown method',
    reason:
      'Any token is a method (RFC 9110, section 9.1), and the application decides: it answers 404, where Node refuses.',
  },
];

export function explain(suite: string, title: string): string | undefined {
  return EXPLANATIONS.find((one) => one.suite === suite && title.includes(one.title))?.reason;
}
