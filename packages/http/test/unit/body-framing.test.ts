import test from 'ava';
import { readCodings, readContentLength } from '../../src/index.ts';

test('a Content-Length is a safe integer in digits', (t) => {
  t.is(readContentLength(['0']), 0);
  t.is(readContentLength(['007']), 7);
  t.is(readContentLength(['9007199254740991']), Number.MAX_SAFE_INTEGER);
  t.throws(() => readContentLength(['9007199254740992']), { code: 'content-too-large' });
  for (const values of [[], [''], ['1', '1'], ['1,1'], [' 1'], ['１']]) {
    t.throws(() => readContentLength(values), { code: 'content-length' });
  }
});

test('codings before chunked are given in order, and identity is none', (t) => {
  t.deepEqual(readCodings(['chunked']), []);
  t.deepEqual(readCodings(['GZIP ,\tdeflate', 'identity', 'chunked']), ['gzip', 'deflate']);
});

test('chunked has to be there once, and last', (t) => {
  for (const values of [['gzip'], ['chunked, gzip'], ['chunked', 'chunked'], [''], ['chunked,'], []]) {
    t.throws(() => readCodings(values), { code: 'transfer-encoding' });
  }
  t.throws(() => readCodings(['br, chunked']), { code: 'transfer-coding-unsupported' });
});
