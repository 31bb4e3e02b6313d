import test from 'ava';
import { ResponseBody, ResponseHeadWriter, responseTrailers } from '../../src/index.ts';

test('trailers are lines of their own, and those that only a header may be are refused', (t) => {
  t.is(
    responseTrailers([
      ['X-Sum', '4'],
      ['x-sum', '5'],
    ]),
    'X-Sum: 4\r\nx-sum: 5\r\n',
  );
  t.is(responseTrailers([]), '');
  for (const name of ['Content-Length', 'transfer-encoding', 'Trailer', 'Date', 'connection'])
    t.throws(() => responseTrailers([[name, '1']]), { code: 'ERR_RESPONSE_TRAILER' }, name);
  t.throws(() => responseTrailers([['x', '1\r\ny: 2']]), { code: 'ERR_RESPONSE_HEADER_VALUE' });
});

test('only a chunked body has a place for trailers', (t) => {
  const writer = new ResponseHeadWriter();
  const request = { method: 'GET', version: 11, keepAlive: true };
  const bodyOf = (bodyLength?: number): ResponseBody =>
    new ResponseBody(writer.write(request, { status: 200, headers: [], bodyLength }, false));
  t.is(bodyOf().end(true, 'x: 1\r\n').tail, '0\r\nx: 1\r\n\r\n');
  t.is(bodyOf().end(false, 'x: 1\r\n').tail, '');
  t.is(bodyOf(0).end(true, 'x: 1\r\n').tail, '');
});
