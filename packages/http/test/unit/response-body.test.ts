import test from 'ava';
import {
  RequestParser,
  ResponseBody,
  ResponseHeadWriter,
  HttpRules,
  DEFAULT_HTTP_POLICY,
} from '../../src/index.ts';
import type { ResponseFraming } from '../../src/index.ts';

function body(framing: ResponseFraming, length = 0, keepAlive = true): ResponseBody {
  return new ResponseBody({ text: '', bytes: undefined, status: 200, framing, length, keepAlive });
}

test('a body of the promised length keeps the connection', (t) => {
  const five = body('length', 5);
  t.false(five.isFull);
  t.is(five.admit(3), 3);
  t.is(five.before(3) + five.after(3), '');
  t.is(five.admit(2), 2);
  t.true(five.isFull);
  t.deepEqual(five.end(), { tail: '', keepAlive: true, missing: 0, surplus: 0 });
  t.is(five.bytes, 5);
});

test('what is more than promised is not sent', (t) => {
  const five = body('length', 5);
  t.is(five.admit(4), 4);
  t.is(five.admit(4), 1);
  t.is(five.admit(4), 0);
  t.deepEqual(five.end(), { tail: '', keepAlive: true, missing: 0, surplus: 7 });
});

test('a body that is shorter than promised closes the connection', (t) => {
  const five = body('length', 5);
  five.admit(4);
  t.deepEqual(five.end(), { tail: '', keepAlive: false, missing: 1, surplus: 0 });
});

test('chunks have their size in front and an end behind', (t) => {
  const chunks = body('chunked');
  t.is(chunks.admit(26), 26);
  t.is(chunks.before(26), '1A\r\n');
  t.is(chunks.after(26), '\r\n');
  t.false(chunks.isFull);
  t.deepEqual(chunks.end(), { tail: '0\r\n\r\n', keepAlive: true, missing: 0, surplus: 0 });
});

test('an empty write is no chunk: it would end the body', (t) => {
  const chunks = body('chunked');
  t.is(chunks.admit(0), 0);
  t.is(chunks.before(0) + chunks.after(0), '');
});

test('an application that failed in the middle leaves the last chunk out and the connection closed', (t) => {
  t.deepEqual(body('chunked').end(false), { tail: '', keepAlive: false, missing: 0, surplus: 0 });
  const five = body('length', 5);
  five.admit(5);
  t.false(five.end(false).keepAlive);
});

test('a response without a body takes none, and does not complain', (t) => {
  const none = body('none');
  t.true(none.isFull);
  t.is(none.admit(100), 0);
  t.is(none.bytes, 0);
  t.deepEqual(none.end(), { tail: '', keepAlive: true, missing: 0, surplus: 0 });
});

test('a body that ends with the connection takes everything', (t) => {
  const rest = body('close', 0, false);
  t.is(rest.admit(7), 7);
  t.deepEqual(rest.end(), { tail: '', keepAlive: false, missing: 0, surplus: 0 });
});

test('what a chunked response looks like is what our own parser reads as a chunked body', (t) => {
  const head = new ResponseHeadWriter().write(
    { method: 'GET', version: 11, keepAlive: true },
    { status: 200, headers: [] },
    false,
  );
  const response = new ResponseBody(head);
  const pieces = ['hello ', '', 'x'.repeat(300)];
  let sent = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
  for (const piece of pieces) {
    response.admit(piece.length);
    sent += response.before(piece.length) + piece + response.after(piece.length);
  }
  sent += response.end().tail;
  const parser = new RequestParser(new HttpRules(DEFAULT_HTTP_POLICY), { address: '', secure: false });
  parser.push(Buffer.from(sent));
  let read = '';
  let event = parser.next();
  for (; event === 'head' || event === 'body'; event = parser.next()) {
    if (event === 'body') read += Buffer.from(parser.chunk).toString('latin1');
  }
  t.is(event, 'end');
  t.is(read, pieces.join(''));
});
