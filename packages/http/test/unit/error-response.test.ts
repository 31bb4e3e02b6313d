import test from 'ava';
import {
  CONTINUE,
  REFUSALS,
  RequestError,
  ResponseHeadWriter,
  earlyHints,
  errorResponse,
} from '../../src/index.ts';
import type { RefusalCode } from '../../src/index.ts';

const writer = new ResponseHeadWriter('gunicorn', () => Date.UTC(1994, 10, 6, 8, 49, 37));

test('an error response is whole: Server, Date, length, and a body that says what was wrong', (t) => {
  const error = new RequestError('request-line-too-long');
  const body = '414 URI Too Long: the request line is too long\n';
  t.is(
    errorResponse(writer, { status: error.status, sentence: error.message }),
    'HTTP/1.1 414 URI Too Long\r\nServer: gunicorn\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n' +
      `Connection: close\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
});

test('without a sentence the body is the status', (t) => {
  t.true(errorResponse(writer, { status: 504 }).endsWith('\r\n\r\n504 Gateway Timeout\n'));
});

test('HEAD is told the length and gets no body', (t) => {
  const text = errorResponse(writer, { status: 500, method: 'HEAD' });
  t.true(text.includes('Content-Length: 26\r\n'));
  t.true(text.endsWith('\r\n\r\n'));
});

for (const code of Object.keys(REFUSALS) as RefusalCode[]) {
  test(`the refusal ${code} can be answered`, (t) => {
    const error = new RequestError(code);
    const text = errorResponse(writer, { status: error.status, sentence: error.message });
    t.true(text.startsWith(`HTTP/1.1 ${error.status} `));
    t.is(
      Buffer.byteLength(text.slice(text.indexOf('\r\n\r\n') + 4)),
      Number(/Content-Length: ([0-9]+)/.exec(text)?.[1]),
    );
  });
}

test('early hints are an informational response without framing', (t) => {
  t.is(
    earlyHints([
      ['Link', '</a.css>; rel=preload'],
      ['Server', 'x'],
    ]),
    'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n',
  );
  t.throws(() => earlyHints([['Link', 'a\r\nb']]), { code: 'ERR_RESPONSE_HEADER_VALUE' });
  t.throws(() => earlyHints([['Li nk', 'a']]), { code: 'ERR_RESPONSE_HEADER_NAME' });
  t.throws(() => earlyHints([['Content-Length', '1']]), { code: 'ERR_RESPONSE_CONTENT_LENGTH' });
});

test('leave to go on is a status line and an empty line', (t) => {
  t.is(CONTINUE, 'HTTP/1.1 100 Continue\r\n\r\n');
});
