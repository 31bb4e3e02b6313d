import test from 'ava';
import { compileAccessLogFormat, judgeAccessLogFormat } from '../../src/access-log-format.ts';
import { accessRecord, DEFAULT_FORMAT, type RecordChange } from './record.ts';

process.env.TZ = 'Asia/Kolkata';
const NOW = Date.parse('2026-11-20T15:59:08.250Z');

function basic(credentials: string): RecordChange {
  return { requestHeaders: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } };
}

const ATOMS: readonly [atom: string, change: RecordChange, expected: string][] = [
  ['h', {}, '192.0.2.7'],
  ['h', { remoteAddress: '' }, ''],
  ['l', {}, '-'],
  ['u', {}, '-'],
  ['u', basic('aladdin:open sesame'), 'aladdin'],
  ['u', basic('no colon'), 'no colon'],
  ['u', basic(':no user'), '-'],
  ['u', basic('x"\n:y'), String.raw`x\"\x0a`],
  ['u', { requestHeaders: { authorization: 'Bearer abc' } }, '-'],
  ['u', { requestHeaders: { authorization: 'bASIC YTpi' } }, 'a'],
  ['t', {}, '[20/Nov/2026:21:29:08 +0530]'],
  ['r', { method: 'POST', target: '/a%20b?c=d' }, 'POST /a%20b?c=d HTTP/1.1'],
  ['m', { method: 'DELETE' }, 'DELETE'],
  ['U', { target: '/caf%C3%A9?x' }, '/café'],
  ['U', { target: '/not-utf8%FF' }, '/not-utf8%FF'],
  ['U', { target: '/%0d%0aforged' }, String.raw`/\x0d\x0aforged`],
  ['U', { target: 'http://example.com/absolute?q=1' }, '/absolute'],
  ['U', { target: '/redirect?to=http://example.com/' }, '/redirect'],
  ['U', { target: '*', method: 'OPTIONS' }, '*'],
  ['q', { target: '/p?a=1&b=%20?' }, 'a=1&b=%20?'],
  ['q', { target: '/p' }, ''],
  ['H', { protocol: 'HTTP/2.0' }, 'HTTP/2.0'],
  ['s', { status: 404 }, '404'],
  ['B', { bytes: 0 }, '0'],
  ['b', { bytes: 1234 }, '1234'],
  ['f', {}, '-'],
  ['f', { requestHeaders: { referer: 'https://example.com/' } }, 'https://example.com/'],
  ['a', { requestHeaders: { 'user-agent': '' } }, '-'],
  ['a', { requestHeaders: { 'user-agent': 'curl/8 "quoted"' } }, String.raw`curl/8 \"quoted\"`],
  ['a', { requestHeaders: { 'user-agent': 'ends in \\' } }, String.raw`ends in \\`],
  [
    'a',
    { requestHeaders: { 'user-agent': '\u001b[2J\u009b1m\u007f\té' } },
    String.raw`\x1b[2J\x9b1m\x7f\x09é`,
  ],
  ['T', { durationMs: 2999.9 }, '2'],
  ['M', { durationMs: 2999.9 }, '2999'],
  ['D', { durationMs: 0.4018 }, '401'],
  ['L', { durationMs: 0.4018 }, '0.000401'],
  ['L', { durationMs: 12_345.678 }, '12.345678'],
  ['p', {}, `<${process.pid}>`],
  ['{X-Request-Id}i', { requestHeaders: { 'x-request-id': 'a"b' } }, String.raw`a\"b`],
  ['{X-Request-Id}i', {}, '-'],
  ['{Content-Type}o', { responseHeaders: { 'content-type': 'text/html' } }, 'text/html'],
  ['{Content-Type}o', {}, '-'],
  ['{wsgi.url_scheme}e', { variables: { 'wsgi.url_scheme': 'https' } }, 'https'],
  ['{Wsgi.Url_Scheme}e', { variables: { 'wsgi.url_scheme': 'https' } }, 'https'],
  ['{remote_user}e', { variables: { REMOTE_USER: 'root' } }, 'root'],
  ['{REQUEST_METHOD}e', {}, '-'],
];

for (const [atom, change, expected] of ATOMS) {
  test(`%(${atom})s of ${JSON.stringify(change)} is ${JSON.stringify(expected)}`, (t) => {
    const format = compileAccessLogFormat(`%(${atom})s`);
    t.is(format.line(accessRecord(change), NOW), expected);
    t.deepEqual(judgeAccessLogFormat(`%(${atom})s`), { problem: undefined, unknownAtoms: [] });
  });
}

test('the default format is the combined log format', (t) => {
  const record = accessRecord({
    target: '/index.html?x=1',
    requestHeaders: { referer: 'https://example.com/', 'user-agent': 'curl/8.0' },
  });
  t.is(
    compileAccessLogFormat(DEFAULT_FORMAT).line(record, NOW),
    '192.0.2.7 - - [20/Nov/2026:21:29:08 +0530] "GET /index.html?x=1 HTTP/1.1" 200 5 "https://example.com/" "curl/8.0"',
  );
});

test('an unknown atom is written as a dash and reported', (t) => {
  const format = '%(h)s %(zz)s %({x}q)s %(toString)s';
  t.deepEqual(judgeAccessLogFormat(format).unknownAtoms, ['zz', '{x}q', 'toString']);
  t.is(compileAccessLogFormat(format).line(accessRecord(), NOW), '192.0.2.7 - - -');
});

test('a doubled percent sign is one percent sign', (t) => {
  t.is(compileAccessLogFormat('100%% %(s)s%%').line(accessRecord(), NOW), '100% 200%');
});

test('an atom may have a width, and be written as a number', (t) => {
  const line = compileAccessLogFormat('[%(s)5d|%(m)-6s|%(l)3s|%(D)i]').line(accessRecord(), NOW);
  t.is(line, '[  200|GET   |  -|1000]');
});

for (const format of ['%h', '%(h', '%(h)', '%(h)f', 'x %']) {
  test(`the format ${format} is refused, with where and what to write`, (t) => {
    const error = t.throws(() => compileAccessLogFormat(format), { code: 'ERR_ACCESS_LOG_FORMAT' });
    t.regex(
      error!.message,
      /^accessLogFormat has '%.*' at character \d+, which is no atom; write atoms as %\(h\)s/,
    );
    t.like(judgeAccessLogFormat(format).problem, { setting: 'accessLogFormat' });
  });
}

test('the time stamp follows the clock', (t) => {
  const format = compileAccessLogFormat('%(t)s');
  t.is(format.line(accessRecord(), NOW), '[20/Nov/2026:21:29:08 +0530]');
  t.is(format.line(accessRecord(), Date.parse('2026-11-20T15:59:09Z')), '[20/Nov/2026:21:29:09 +0530]');
});

test('of what the line before said, only what is the same is kept', (t) => {
  const format = compileAccessLogFormat('%(s)s "%(r)s" "%(f)s" "%(a)s"');
  const lineOf = (change: RecordChange): string => format.line(accessRecord(change), NOW);
  const first = lineOf({ target: '/"', requestHeaders: { referer: 'a\n', 'user-agent': 'b' } });
  t.is(first, String.raw`200 "GET /\" HTTP/1.1" "a\x0a" "b"`);
  for (const again of [1, 2]) t.is(lineOf({}), '200 "GET / HTTP/1.1" "-" "-"', `${again}`);
  t.is(lineOf({ target: '/"', requestHeaders: { referer: 'a\n', 'user-agent': 'b' } }), first);
  t.is(lineOf({ target: '/"', method: 'PUT', status: 404 }), String.raw`404 "PUT /\" HTTP/1.1" "-" "-"`);
});
