import test from 'ava';
import { ResponseBody, ResponseHeadWriter, responseTrailers } from '../../src/index.ts';

const asking = (...values: string[]): { all(): string[] } => ({ all: () => values });
const TRAILERS = asking('gzip;q=0.5, Trailers');

test('trailers are lines of their own, and those that only a header may be are refused', (t) => {
  t.is(
    responseTrailers(
      [
        ['X-Sum', '4'],
        ['x-sum', '5'],
      ],
      TRAILERS,
    ),
    'X-Sum: 4\r\nx-sum: 5\r\n',
  );
  t.is(responseTrailers([], TRAILERS), '');
  for (const name of ['Content-Length', 'transfer-encoding', 'Trailer', 'Date', 'connection'])
    t.throws(() => responseTrailers([[name, '1']], TRAILERS), { code: 'ERR_RESPONSE_TRAILER' }, name);
  t.throws(() => responseTrailers([['x', '1\r\ny: 2']], TRAILERS), { code: 'ERR_RESPONSE_HEADER_VALUE' });
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

test('a client that does not ask for trailers gets none', (t) => {
  for (const asked of [asking(), asking('gzip'), asking('x-trailers')])
    t.is(responseTrailers([['x', '1']], asked), '');
});
