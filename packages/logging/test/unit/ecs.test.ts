import test from 'ava';
import { compileAccessLogEcs } from '../../src/access-log-ecs.ts';
import { createEcsEntry } from '../../src/entry-ecs.ts';
import { accessRecord, DEFAULT_FORMAT } from './record.ts';

const NOW = Date.parse('2026-11-20T21:29:08.007Z');

test("a record has the names of Elastic's Common Schema", (t) => {
  const record = accessRecord({
    target: '/a?b=c',
    durationMs: 1.5,
    status: 500,
    requestHeaders: {
      'x-id': '7',
      'user-agent': 'curl',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
  });
  const line = compileAccessLogEcs({
    accessLogFormat: DEFAULT_FORMAT,
    requestIdHeader: 'X-Id',
    serviceName: 'shop',
  });
  t.deepEqual(JSON.parse(line(record, NOW)), {
    '@timestamp': '2026-11-20T21:29:08.007Z',
    'log.level': 'info',
    message: 'GET /a 500',
    'ecs.version': '8.17.0',
    'event.dataset': 'gunicorn.access',
    'event.kind': 'event',
    'event.category': ['web'],
    'event.outcome': 'failure',
    'event.duration': 1_500_000,
    'http.request.method': 'GET',
    'http.request.id': '7',
    'http.response.status_code': 500,
    'http.response.body.bytes': 5,
    'http.version': '1.1',
    'url.original': '/a?b=c',
    'url.path': '/a',
    'url.query': 'b=c',
    'client.ip': '192.0.2.7',
    'source.ip': '192.0.2.7',
    'user_agent.original': 'curl',
    'trace.id': '0af7651916cd43dd8448eb211c80319c',
    'span.id': 'b7ad6b7169203331',
    'process.pid': process.pid,
    'service.name': 'shop',
  });
});

test('an entry names its fields likewise, and none of them takes the place of what every entry has', (t) => {
  const error = new TypeError('wrong');
  const fields = { method: 'GET', request_id: '7', ageMs: 3, '@timestamp': 'never', error, big: 1n };
  const entry = JSON.parse(
    createEcsEntry({ serviceName: 'shop' })('error', 'failed\n', fields, new Date(NOW)),
  );
  t.like(entry, {
    '@timestamp': '2026-11-20T21:29:08.007Z',
    'log.level': 'error',
    message: 'failed\n',
    'event.dataset': 'gunicorn.error',
    'http.request.method': 'GET',
    'http.request.id': '7',
    'gunicorn.ageMs': 3,
    'gunicorn.big': '1',
    'error.type': 'TypeError',
    'error.message': 'wrong',
    'service.name': 'shop',
  });
});

test('a field that is no JSON costs no entry', (t) => {
  const round: Record<string, unknown> = {};
  round['self'] = round;
  t.like(JSON.parse(createEcsEntry({})('info', 'said', { round })), { message: 'said' });
});
