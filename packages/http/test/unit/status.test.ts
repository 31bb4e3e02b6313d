import test from 'ava';
import { REFUSALS, ResponseError, parseStatus, reasonPhrase } from '../../src/index.ts';

test('a WSGI status is a code and a reason', (t) => {
  t.deepEqual(parseStatus('200 OK'), { code: 200, reason: 'OK' });
  t.deepEqual(parseStatus('404 Not  Found '), { code: 404, reason: 'Not  Found ' });
  t.deepEqual(parseStatus('299'), { code: 299, reason: '' });
  t.deepEqual(parseStatus('204 '), { code: 204, reason: '' });
});

for (const text of [
  '',
  'OK',
  '20',
  '2000',
  '200OK',
  ' 200 OK',
  '+20 OK',
  '099 X',
  '600 X',
  '200 \r\nX: y',
  '200 \u20ac',
]) {
  test(`${JSON.stringify(text)} is no status`, (t) => {
    t.throws(() => parseStatus(text), { instanceOf: ResponseError, code: 'ERR_RESPONSE_STATUS' });
  });
}

test('an informational status ends nothing', (t) => {
  t.throws(() => parseStatus('100 Continue'), { code: 'ERR_RESPONSE_INFORMATIONAL' });
  t.is(parseStatus('101 Switching Protocols').code, 101);
});

test('every refusal has a status with a phrase of its own', (t) => {
  for (const [status] of Object.values(REFUSALS)) t.not(reasonPhrase(status), '');
  t.is(reasonPhrase(501), 'Not Implemented');
  t.is(reasonPhrase(413), 'Content Too Large');
});
