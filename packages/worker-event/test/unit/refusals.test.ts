import test from 'ava';
import { statusOfCode } from '../../src/refusals.ts';

for (const [code, status] of [
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_INVALID_METHOD', 400],
  ['HPE_INVALID_EOF_STATE', 400],
  ['ERR_SSL_HTTP_REQUEST', undefined],
  ['ECONNRESET', undefined],
  [undefined, undefined],
] as const) {
  test(`${code} is answered with ${status ?? 'nothing'}`, (t) => {
    t.is(statusOfCode(code), status);
  });
}
