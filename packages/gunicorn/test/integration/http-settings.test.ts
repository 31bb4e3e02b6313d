import { rawClient, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

/** Answers with the method, the scheme, the client, the variables of two headers, and the size of the body. */
const APP = `
  export default (environ, startResponse) => {
    startResponse('200 OK', []);
    const { REQUEST_METHOD, REMOTE_ADDR, SCRIPT_NAME, HTTP_A_B = '-', HTTP_FOLDED = '-' } = environ;
    const size = environ['wsgi.input'].read().length;
    const answer = [REQUEST_METHOD, environ['wsgi.url_scheme'], REMOTE_ADDR, SCRIPT_NAME, HTTP_A_B, HTTP_FOLDED, size];
    return [Buffer.from(answer.join('|'))];
  };`;

interface Case {
  readonly title: string;
  readonly args: readonly string[];
  readonly config?: string;
  readonly sent: string;
  /** What the answer must match, from its status line on. */
  readonly answer: RegExp;
  /** A reason in the log, for what is refused. */
  readonly logged?: RegExp;
}

const HEAD = 'GET / HTTP/1.1\r\nHost: a\r\n';

const CASES: readonly Case[] = [
  {
    title: 'a request line longer than limitRequestLine is answered 414',
    args: ['--limit-request-line', '30'],
    sent: `GET /${'x'.repeat(40)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    answer: /^HTTP\/1\.1 414 /,
    logged: /the request line is too long/,
  },
  {
    title: 'more headers than limitRequestFields are answered 431',
    args: ['--limit-request-fields', '2'],
    sent: `${HEAD}A: 1\r\nB: 2\r\n\r\n`,
    answer: /^HTTP\/1\.1 431 /,
    logged: /too many header lines/,
  },
  {
    title: 'a header longer than limitRequestFieldSize is answered 431',
    args: ['--limit-request-field_size', '20'],
    sent: `${HEAD}A: ${'x'.repeat(30)}\r\n\r\n`,
    answer: /^HTTP\/1\.1 431 /,
    logged: /a header line is too long/,
  },
  {
    title: 'a body longer than limitRequestBody is answered 413',
    args: ['--limit-request-body', '3'],
    sent: `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd`,
    answer: /^HTTP\/1\.1 413 /,
    logged: /body/,
  },
  {
    title: 'a chunked body longer than limitRequestBody is answered 413',
    args: ['--limit-request-body', '3'],
    sent: `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n`,
    answer: /^HTTP\/1\.1 413 /,
    logged: /body/,
  },
  {
    title: 'a body of limitRequestBody bytes is taken',
    args: ['--limit-request-body', '4'],
    sent: `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd`,
    answer: /^HTTP\/1\.1 200 [^]*\|4$/,
  },
  {
    title: 'a folded header is refused by default',
    args: [],
    sent: `${HEAD}Folded: a\r\n b\r\n\r\n`,
    answer: /^HTTP\/1\.1 400 /,
    logged: /fold/,
  },
  {
    title: 'permitObsoleteFolding takes a folded header',
    args: ['--permit-obsolete-folding'],
    sent: `${HEAD}Folded: a\r\n b\r\n\r\n`,
    answer: /^HTTP\/1\.1 200 [^]*\|a b\|0$/,
  },
  {
    title: 'stripHeaderSpaces takes white space before the colon',
    args: ['--strip-header-spaces'],
    sent: `${HEAD}Folded : a\r\n\r\n`,
    answer: /^HTTP\/1\.1 200 [^]*\|a\|0$/,
  },
  {
    title: 'permitUnconventionalHttpMethod takes a lower-case method',
    args: ['--permit-unconventional-http-method'],
    sent: `get / HTTP/1.1\r\nHost: a\r\n\r\n`,
    answer: /^HTTP\/1\.1 200 [^]*\r\n\r\nget\|/,
  },
  {
    title: 'casefoldHttpMethod turns it into capitals',
    args: ['--permit-unconventional-http-method', '--casefold-http-method'],
    sent: `get / HTTP/1.1\r\nHost: a\r\n\r\n`,
    answer: /^HTTP\/1\.1 200 [^]*\r\n\r\nGET\|/,
  },
  {
    title: 'permitUnconventionalHttpVersion takes HTTP/2.0 in a request line',
    args: ['--permit-unconventional-http-version'],
    sent: `GET / HTTP/2.0\r\nHost: a\r\n\r\n`,
    answer: /^HTTP\/1\.1 200 /,
  },
  {
    title: 'a header with an underscore is dropped by default',
    args: [],
    sent: `${HEAD}A_B: 1\r\n\r\n`,
    answer: /^HTTP\/1\.1 200 [^]*\|-\|-\|0$/,
  },
  {
    title: 'headerMap refuse refuses it',
    args: ['--header-map', 'refuse'],
    sent: `${HEAD}A_B: 1\r\n\r\n`,
    answer: /^HTTP\/1\.1 400 /,
    logged: /underscore/,
  },
  {
    title: 'headerMap dangerous lets it through',
    args: ['--header-map', 'dangerous'],
    sent: `${HEAD}A_B: 1\r\n\r\n`,
    answer: /^HTTP\/1\.1 200 [^]*\|1\|-\|0$/,
  },
  {
    title: 'forwarderHeaders lets a trusted peer send it',
    args: ['--forwarder-headers', 'A_B'],
    sent: `${HEAD}A_B: 1\r\n\r\n`,
    answer: /^HTTP\/1\.1 200 [^]*\|1\|-\|0$/,
  },
  {
    title: 'forwarderHeaders lets no other peer send it',
    args: ['--forwarder-headers', 'A_B', '--forwarded-allow-ips', '10.0.0.1'],
    sent: `${HEAD}A_B: 1\r\n\r\n`,
    answer: /^HTTP\/1\.1 200 [^]*\|-\|-\|0$/,
  },
  {
    title: 'secureSchemeHeaders of a trusted peer say https',
    args: [],
    config: `export default { secureSchemeHeaders: { 'X-Front': 'tls' } };`,
    sent: `${HEAD}X-Front: tls\r\n\r\n`,
    answer: /^HTTP\/1\.1 200 [^]*\r\n\r\nGET\|https\|/,
  },
  {
    title: 'secureSchemeHeaders are found in any spelling, of the setting and of the request',
    args: [],
    config: `export default { secureSchemeHeaders: { 'x-FORWARDED-proto': 'HTTPS' } };`,
    sent: `${HEAD}X-Forwarded-Proto: https\r\n\r\n`,
    answer: /^HTTP\/1\.1 200 [^]*\r\n\r\nGET\|https\|/,
  },
  {
    title: 'proxyProtocol reads who the client is',
    args: ['--proxy-protocol', 'v1'],
    sent: `PROXY TCP4 203.0.113.7 127.0.0.1 4000 80\r\n${HEAD}\r\n`,
    answer: /^HTTP\/1\.1 200 [^]*\r\n\r\nGET\|http\|203\.0\.113\.7\|/,
  },
  {
    title: 'proxyProtocol from a peer that proxyAllowIps does not name is refused',
    args: ['--proxy-protocol', '--proxy-allow-from', '10.0.0.1'],
    sent: `PROXY TCP4 203.0.113.7 127.0.0.1 4000 80\r\n${HEAD}\r\n`,
    answer: /^HTTP\/1\.1 (400|403) /,
    logged: /PROXY/,
  },
];

for (const sample of CASES) {
  for (const worker of ['sync', 'event'] as const) {
    test.serial(`${worker}: ${sample.title}`, (t) => play(t, sample, worker));
  }
}

async function play(t: ExecutionContext, sample: Case, worker: string): Promise<void> {
  const { args, config, sent, answer, logged } = sample;
  const server = await startServer(t, {
    app: APP,
    args: ['-k', worker, '--application-kind', 'wsgi', '--access-logfile', '-', ...args],
    ...(config !== undefined && { config }),
    until: 'listening',
  });
  const client = rawClient(t, server.port).send(sent);
  client.socket.end();
  t.regex(await client.closes(), answer);
  if (logged === undefined) return;
  const [line] = await server.waitFor(/.*Invalid request from ip=127\.0\.0\.1: .*/);
  t.regex(line, logged);
  t.regex(line, /\[WARNING\]/);
  // And in the access log, with its status.
  await server.waitFor(/^127\.0\.0\.1 .* (400|403|413|414|431) /);
  t.is(server.matching(/^127\.0\.0\.1 .* (400|403|413|414|431) /).length, 1);
}
