import test from 'ava';
import { compileAccessLogJson } from '../../src/access-log-json.ts';
import { accessRecord, DEFAULT_FORMAT } from './record.ts';

const NOW = new Date('2026-11-20T21:29:08.007Z');

test('a record is one object a line, its members named for what they mean', (t) => {
  const record = accessRecord({
    target: '/a%20b?c=d',
    durationMs: 1.23456,
    requestHeaders: { referer: 'https://example.com/', 'user-agent': 'curl', authorization: 'Basic YTpi' },
  });
  t.deepEqual(JSON.parse(compileAccessLogJson(DEFAULT_FORMAT)(record, NOW)), {
    time: '2026-11-20T21:29:08.007Z',
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
    pid: process.pid,
  });
});

test('values that a request lacks are null', (t) => {
  const entry = JSON.parse(compileAccessLogJson('')(accessRecord({ remoteAddress: '' }), NOW));
  t.like(entry, { remote_address: null, user: null, query: '', referer: null, user_agent: null });
});

test('headers and variables that the format names are added', (t) => {
  const render = compileAccessLogJson('%({X-Id}i)s %({Accept}i)s %({Content-Type}o)s %({REMOTE_USER}e)s');
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
  const line = compileAccessLogJson('')(accessRecord({ requestHeaders: { 'user-agent': agent } }), NOW);
  t.notRegex(line, /[^ -~\u00a0-\uffff]/);
  t.is(JSON.parse(line).user_agent, agent);
});
