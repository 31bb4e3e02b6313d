import test from 'ava';
import { ResponseHeadWriter } from '../../src/index.ts';
import type { AnsweredRequest, ResponseDraft, ResponseHead } from '../../src/index.ts';

const DATE = Date.UTC(1994, 10, 6, 8, 49, 37);
const get: AnsweredRequest = { method: 'GET', version: 11, keepAlive: true };
const old: AnsweredRequest = { ...get, version: 10 };
const head: AnsweredRequest = { ...get, method: 'HEAD' };

test('a head that was written before is written as the first time, and its bytes are its text', (t) => {
  const writer = new ResponseHeadWriter('gunicorn', () => DATE);
  const fresh = (request: AnsweredRequest, draft: ResponseDraft, close: boolean): ResponseHead =>
    new ResponseHeadWriter('gunicorn', () => DATE).write(request, draft, close);
  const requests = [get, old, head, { ...get, keepAlive: false }, { ...get, method: 'CONNECT' }];
  const drafts: ResponseDraft[] = [];
  for (const status of [200, 204, 304, 404]) {
    for (const reason of [undefined, 'Fine']) {
      for (const bodyLength of [undefined, 0, 5, 37]) {
        for (const headers of [
          [],
          [['X', 'caf\u00e9']],
          [['X', 'b']],
          [['Y', 'b']],
          [['Connection', 'close']],
        ]) {
          drafts.push({ status, reason, bodyLength, headers: headers as [string, string][] });
        }
      }
    }
  }
  let again = 0;
  for (const request of requests) {
    for (const close of [false, true]) {
      for (const draft of drafts) {
        for (let time = 0; time < 3; time++) {
          const written = writer.write(request, draft, close);
          t.deepEqual({ ...written, bytes: undefined }, fresh(request, draft, close));
          if (written.bytes === undefined) continue;
          again++;
          t.is(Buffer.from(written.bytes).toString('latin1'), written.text);
        }
      }
    }
  }
  t.true(again > requests.length * drafts.length);
});

test('headers that an application changes in place are not those of the head before', (t) => {
  const writer = new ResponseHeadWriter('gunicorn', () => DATE);
  const pair: [string, string] = ['X', 'a'];
  const draft: ResponseDraft = { status: 200, headers: [pair] };
  for (let time = 0; time < 2; time++) writer.write(get, draft, false);
  pair[1] = 'b';
  t.true(writer.write(get, draft, false).text.includes('X: b\r\n'));
  pair[1] = 'b\r\nEvil: 1';
  t.throws(() => writer.write(get, draft, false), { code: 'ERR_RESPONSE_HEADER_VALUE' });
});
