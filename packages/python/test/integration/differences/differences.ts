import type { Answer } from './answer.ts';

/** A pair of answers to one request. */
export interface Pair {
  readonly gunicorn: Answer;
  readonly ours: Answer;
}

/** What is not equal, and is meant to be so. `docs/python-differences.md` says why, under the same title. */
export interface Difference {
  readonly title: string;
  /** Makes both answers equal in this point, where it concerns them. */
  level(pair: Pair, request: string): Pair;
}

const without = (headers: readonly string[], pattern: RegExp): readonly string[] =>
  headers.filter((line) => !pattern.test(line));

/** The same change on both sides. */
const both =
  (change: (answer: Answer) => Answer) =>
  ({ gunicorn, ours }: Pair): Pair => ({
    gunicorn: change(gunicorn),
    ours: change(ours),
  });

/** Requests and mistakes of applications that are answered with another status: Gunicorn's, and ours. */
const STATUSES: Readonly<Record<string, readonly [string, string]>> = {
  'no host': ['HTTP/1.1 200 OK', 'HTTP/1.1 400 Bad Request'],
  'version 2.0': ['HTTP/1.1 400 Bad Request', 'HTTP/1.1 505 HTTP Version Not Supported'],
  'a coding that nobody knows': ['HTTP/1.1 501 Bad Request', 'HTTP/1.1 501 Not Implemented'],
  'a chunk that is none': ['closed without an answer', 'HTTP/1.1 400 Bad Request'],
  'a request line that is too long': ['HTTP/1.1 400 Bad Request', 'HTTP/1.1 414 URI Too Long'],
  'no start_response': ['HTTP/1.1 None', 'HTTP/1.1 500 Internal Server Error'],
  'text instead of bytes': ['HTTP/1.1 200 OK', 'HTTP/1.1 500 Internal Server Error'],
  'a header with a line break': ['HTTP/1.1 400 Bad Request', 'HTTP/1.1 500 Internal Server Error'],
  'a header with a wrong name': ['HTTP/1.1 400 Bad Request', 'HTTP/1.1 500 Internal Server Error'],
  'a header outside of latin-1': ['closed without an answer', 'HTTP/1.1 500 Internal Server Error'],
};

const EMPTY: Answer = { status: 'as explained', headers: [], body: '', interim: [] };

export const differences: readonly Difference[] = [
  {
    title: 'Another status',
    level(pair, request) {
      const [theirs, ours] = STATUSES[request] ?? [];
      const isKnown = pair.gunicorn.status === theirs && pair.ours.status === ours;
      return isKnown ? both(() => EMPTY)(pair) : pair;
    },
  },
  {
    title: 'A response that breaks off early',
    level(pair, request) {
      const breaksOff = request === 'less than announced' || request === 'an exception in the middle';
      return breaksOff && pair.ours.status === 'closed without an answer' ? both(() => EMPTY)(pair) : pair;
    },
  },
  {
    title: 'Error pages are plain text',
    level(pair) {
      const isError = /^HTTP\/1\.1 [45]/.test(pair.ours.status) && pair.gunicorn.status === pair.ours.status;
      const isPage =
        pair.gunicorn.headers.includes('content-type: text/html') &&
        pair.ours.headers.includes('content-type: text/plain');
      return isError && isPage ? both(() => EMPTY)(pair) : pair;
    },
  },
  {
    title: 'HTTP/1.1 in every status line',
    level: ({ gunicorn, ours }) => ({
      gunicorn: { ...gunicorn, status: gunicorn.status.replace('HTTP/1.0', 'HTTP/1.1') },
      ours,
    }),
  },
  {
    title: 'SERVER_SOFTWARE',
    level: both((answer) => ({
      ...answer,
      body: answer.body.replace(/"SERVER_SOFTWARE": "gunicorn[^"]*"/, '"SERVER_SOFTWARE": "…"'),
    })),
  },
  {
    title: 'gunicorn.socket',
    // The environ is dumped in another length, then.
    level: both((answer) =>
      answer.headers.includes('content-type: application/json')
        ? {
            ...answer,
            headers: without(answer.headers, /^content-length:/),
            body: answer.body.replace(/ "gunicorn\.socket": "object",\n/, ''),
          }
        : answer,
    ),
  },
  {
    title: 'A path with bytes above 127',
    level(pair, request) {
      const isKnown =
        pair.gunicorn.status === 'HTTP/1.1 400 Bad Request' && pair.ours.status === 'HTTP/1.1 200 OK';
      return request === 'raw bytes above 127' && isKnown ? both(() => EMPTY)(pair) : pair;
    },
  },
  {
    title: 'Content-Length of a complete response',
    level({ gunicorn, ours }, request) {
      const told = `content-length: ${ours.body.length}`;
      const isChunked = gunicorn.headers.includes('transfer-encoding: chunked');
      if (isChunked && ours.headers.includes(told)) {
        const headers = without(gunicorn.headers, /^transfer-encoding:/);
        return { gunicorn: { ...gunicorn, headers: [...headers, told].toSorted() }, ours };
      }
      if (!request.startsWith('HEAD')) return { gunicorn, ours };
      // Of a response without a body no length is known.
      return { gunicorn, ours: { ...ours, headers: without(ours.headers, /^content-length: [1-9]/) } };
    },
  },
  {
    title: 'Headers that exc_info replaces',
    // Those of the first call are the same as those of the second, in this request.
    level: ({ gunicorn, ours }, request) =>
      request === 'exc_info before the head'
        ? { gunicorn: { ...gunicorn, headers: [...new Set(gunicorn.headers)] }, ours }
        : { gunicorn, ours },
  },
  {
    title: 'Cookies in several lines',
    // The environ is dumped in another length, then.
    level: ({ gunicorn, ours }, request) =>
      request === 'cookies'
        ? {
            gunicorn: {
              ...gunicorn,
              headers: without(gunicorn.headers, /^content-length:/),
              body: gunicorn.body.replace('"a=1,b=2"', '"a=1; b=2"'),
            },
            ours: { ...ours, headers: without(ours.headers, /^content-length:/) },
          }
        : { gunicorn, ours },
  },
  {
    title: '100 Continue only when it is waited for',
    level: ({ gunicorn, ours }) => ({
      gunicorn: { ...gunicorn, interim: without(gunicorn.interim, /^HTTP\/1\.1 100/) },
      ours: { ...ours, interim: without(ours.interim, /^HTTP\/1\.1 100/) },
    }),
  },
];
