import test from 'ava';
import { ResponseError, ResponseHeadWriter } from '../../src/index.ts';
import type { ResponseDraft } from '../../src/index.ts';

const length = (value: string): Partial<ResponseDraft> => ({ headers: [['Content-Length', value]] });

function write(draft: Partial<ResponseDraft>): void {
  const request = { method: 'GET', version: 11, keepAlive: true };
  new ResponseHeadWriter().write(request, { status: 200, headers: [], ...draft }, false);
}

const FAULTS: readonly (readonly [shows: string, draft: Partial<ResponseDraft>, code: string])[] = [
  ['a header value with CR LF', { headers: [['X', 'a\r\nSet-Cookie: b=c']] }, 'ERR_RESPONSE_HEADER_VALUE'],
  ['a header value with LF', { headers: [['X', 'a\nb']] }, 'ERR_RESPONSE_HEADER_VALUE'],
  ['a header value with NUL', { headers: [['X', '\0']] }, 'ERR_RESPONSE_HEADER_VALUE'],
  ['a header value beyond latin-1', { headers: [['X', '\u20ac']] }, 'ERR_RESPONSE_HEADER_VALUE'],
  [
    'a bad value in a header that is dropped',
    { headers: [['Server', 'a\r\nb']] },
    'ERR_RESPONSE_HEADER_VALUE',
  ],
  [
    'a header value that is no text',
    { headers: [['X', 5 as unknown as string]] },
    'ERR_RESPONSE_HEADER_VALUE',
  ],
  ['a header name with a space', { headers: [['X Y', 'a']] }, 'ERR_RESPONSE_HEADER_NAME'],
  ['a header name with a colon', { headers: [['X:', 'a']] }, 'ERR_RESPONSE_HEADER_NAME'],
  ['a header name with CR LF', { headers: [['X\r\nY', 'a']] }, 'ERR_RESPONSE_HEADER_NAME'],
  ['an empty header name', { headers: [['', 'a']] }, 'ERR_RESPONSE_HEADER_NAME'],
  ['a length that is no number', length('many'), 'ERR_RESPONSE_CONTENT_LENGTH'],
  ['a length below nothing', length('-1'), 'ERR_RESPONSE_CONTENT_LENGTH'],
  [
    'two lengths',
    {
      headers: [
        ['Content-Length', '1'],
        ['Content-Length', '2'],
      ],
    },
    'ERR_RESPONSE_CONTENT_LENGTH',
  ],
  ['a bad length in a 204', { status: 204, ...length('x') }, 'ERR_RESPONSE_CONTENT_LENGTH'],
  ['a status of two digits', { status: 99 }, 'ERR_RESPONSE_STATUS'],
  ['a status of 600', { status: 600 }, 'ERR_RESPONSE_STATUS'],
  ['a fraction for a status', { status: 200.5 }, 'ERR_RESPONSE_STATUS'],
  ['a reason with CR LF', { reason: 'OK\r\nX: y' }, 'ERR_RESPONSE_STATUS'],
  ['100 as the final status', { status: 100 }, 'ERR_RESPONSE_INFORMATIONAL'],
  ['103 as the final status', { status: 103 }, 'ERR_RESPONSE_INFORMATIONAL'],
];

for (const [shows, draft, code] of FAULTS) {
  test(`the application may not give ${shows}`, (t) => {
    const error = t.throws(() => write(draft), { instanceOf: ResponseError, code });
    t.is(error?.status, 500);
    t.notRegex(error?.message ?? '', /[\r\n]/);
  });
}

test('a bad name is refused each time, though good ones are remembered', (t) => {
  for (let i = 0; i < 2; i++) {
    t.notThrows(() => write({ headers: [['X-Good', 'a']] }));
    t.throws(() => write({ headers: [['X Bad', 'a']] }), { code: 'ERR_RESPONSE_HEADER_NAME' });
  }
});
