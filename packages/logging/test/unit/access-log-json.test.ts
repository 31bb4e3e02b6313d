import test from 'ava';
import { compileAccessLogJson } from '../../src/access-log-json.ts';
import { accessRecord, DEFAULT_FORMAT } from './record.ts';

const NOW = Date.parse('2026-11-20T21:29:08.007Z');

test('a record is one object a line, its members named for what they mean', (t) => {
  const record = accessRecord({
    target: '/a%20b?c=d',
    durationMs: 1.23456,
    requestHeaders: { referer: 'https://example.com/', 'user-agent': 'curl', authorization: 'Basic YTpi' },
  });
  t.deepEqual(JSON.parse(compileAccessLogJson({ accessLogFormat: DEFAULT_FORMAT })(record, NOW)), {
    time: '2026-11-20T21:29:08.007Z',
    severity: 'INFO',
    remote_address: '192.0.2.7',
    user: 'a',
    method: 'GET',
    path: '/a b',
    query: 'c=d',
    protocol: 'HTTP/1.1',
    status: 200,
    bytes: 5,
    duration_ms: 1.235,
    referer: 'https://example.com/',
    user_agent: 'curl',
    request_id: null,
    trace_id: null,
    parent_id: null,
    pid: process.pid,
  });
});

test('values that a request lacks are null', (t) => {
  const entry = JSON.parse(
    compileAccessLogJson({ accessLogFormat: '' })(accessRecord({ remoteAddress: '' }), NOW),
  );
  t.like(entry, { remote_address: null, user: null, query: '', referer: null, user_agent: null });
});

test('headers and variables that the format names are added', (t) => {
  const render = compileAccessLogJson({
    accessLogFormat: '%({X-Id}i)s %({Accept}i)s %({Content-Type}o)s %({REMOTE_USER}e)s',
  });
  const record = accessRecord({
    requestHeaders: { 'x-id': '7' },
    responseHeaders: { 'content-type': 'text/html' },
    variables: { REMOTE_USER: 'root' },
  });
  t.like(JSON.parse(render(record, NOW)), {
    request_headers: { 'x-id': '7', accept: null },
    response_headers: { 'content-type': 'text/html' },
    environ: { REMOTE_USER: 'root' },
  });
});

test('an entry stays one line without control characters, and says the same', (t) => {
  const agent = '\n\u001b[31m\u007f\u009b"é';
  const line = compileAccessLogJson({ accessLogFormat: '' })(
    accessRecord({ requestHeaders: { 'user-agent': agent } }),
    NOW,
  );
  t.notRegex(line, /[^ -~\u00a0-\uffff]/);
  t.is(JSON.parse(line).user_agent, agent);
});

test('the id of the request and its trace are members; how many are left out is one, when some are', (t) => {
  const record = accessRecord({
    status: 503,
    requestHeaders: {
      'x-request-id': '7f3a',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
  });
  const render = compileAccessLogJson({
    accessLogFormat: '',
    requestIdHeader: 'X-Request-ID',
    accessLogSample: 0.5,
  });
  t.like(JSON.parse(render(record, NOW)), {
    severity: 'ERROR',
    request_id: '7f3a',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    parent_id: 'b7ad6b7169203331',
    sample_rate: 0.5,
  });
});

test('an id that nobody wants to believe is left out', (t) => {
  const record = accessRecord({ requestHeaders: { 'x-request-id': 'forged' } });
  t.is(JSON.parse(compileAccessLogJson({ accessLogFormat: '' })(record, NOW)).request_id, null);
});
