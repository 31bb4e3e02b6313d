import type { IncomingMessage } from 'node:http';
import { finished, pipeline, Readable } from 'node:stream';
import type { Story } from '../story.ts';
import { GET, LAST, POST, CHUNKED, on, hello, echo } from '../application.ts';

function describe(request: IncomingMessage): string {
  const { method, url, httpVersion, headers, rawHeaders, headersDistinct, complete, aborted } = request;
  return JSON.stringify({
    method,
    url,
    httpVersion,
    headers,
    rawHeaders,
    headersDistinct,
    complete,
    aborted,
  });
}

const describing = on((request, response, note) => {
  note(describe(request));
  response.end('x');
});

export const requests: readonly Story[] = [
  {
    title: 'headers of all kinds',
    application: describing,
    steps: [
      'GET /x HTTP/1.1\r\nhost: x\r\nCookie: a=1\r\ncookie: b=2\r\nX-A: 1\r\nx-a: 2\r\nUser-Agent: u\r\nuser-agent: v\r\nSet-Cookie: q\r\nX_Y: z\r\nEmpty:\r\nSpaces:   a b  \r\nConnection: close\r\n\r\n',
      'closes',
    ],
  },
  {
    title: 'an absolute target',
    application: describing,
    steps: [`GET http://h/p?q HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 'closes'],
  },
  {
    title: 'OPTIONS *',
    application: describing,
    steps: ['OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 'closes'],
  },
  {
    title: 'HTTP/1.0 without anything',
    application: describing,
    steps: ['GET / HTTP/1.0\r\n\r\n', 'closes'],
  },
  { title: 'an empty line in front', application: describing, steps: [`\r\n${LAST}`, 'closes'] },
  {
    title: 'empty lines in front and between',
    application: describing,
    steps: [`\r\n\r\n\r\n${GET}\r\n\r\n${LAST}`, 'closes'],
  },
  ...[177, 178].map((length): Story => ({
    title: `a head of which ${length + 22} bytes count, where 200 are too many`,
    options: { maxHeaderSize: 200 },
    application: hello,
    steps: [`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nA: ${'a'.repeat(length)}\r\n\r\n`, 'closes'],
  })),
  {
    title: 'a control character, where the parser may be lenient',
    options: { insecureHTTPParser: true },
    application: describing,
    steps: ['GET / HTTP/1.1\r\nHost: x\r\nA: b\bc\r\nConnection: close\r\n\r\n', 'closes'],
  },
  {
    title: 'more of a body than anybody else would take',
    application: on((request, response, note) => {
      note(request.headers['content-length']!);
      response.writeHead(200, { Connection: 'close' }).end('x');
    }),
    steps: ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000000\r\n\r\n', 'closes'],
  },
  ...['', 'Content-Length: 0\r\n', 'Transfer-Encoding: chunked\r\n'].map((field): Story => ({
    title: `an empty request with "${field.trim()}", where those are passed over`,
    options: { optimizeEmptyRequests: true } as Story['options'] & object,
    application: on((request, response, note) => {
      note(String((request as unknown as Record<string, unknown>)['_dumped']));
      response.writeHead(200, { Connection: 'close' }).end('x');
    }),
    steps: [
      `POST / HTTP/1.1\r\nHost: x\r\n${field}\r\n${field.startsWith('T') ? '0\r\n\r\n' : ''}`,
      'closes',
    ],
  })),
  {
    title: 'a body that was begun, and is left behind the answer',
    application: on((request, response, note) => {
      request.once('data', (chunk: Buffer) => {
        note(chunk.toString());
        request.pause();
        response.end('early');
        response.on('finish', () => note(String((request as unknown as Record<string, unknown>)['_dumped'])));
      });
    }),
    steps: [`${POST}hello`, { receives: 'early' }, 'end', 'closes'],
  },
  {
    title: 'a head in pieces',
    application: describing,
    steps: ['GET / HT', 'TP/1.1\r\nHo', 'st: x\r\nConnection: clo', 'se\r\n\r', '\n', 'closes'],
  },
  {
    title: 'a high water mark of the server',
    options: { highWaterMark: 100_000 },
    application: on((request, response, note) => {
      note(
        `${request.readableHighWaterMark} ${response.writableHighWaterMark} ${request.socket.writableHighWaterMark}`,
      );
      response.end('x');
    }),
    steps: [LAST, 'closes'],
  },
  {
    title: 'duplicate headers joined',
    options: { joinDuplicateHeaders: true },
    application: describing,
    steps: [
      'GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: a\r\nUser-Agent: b\r\nConnection: close\r\n\r\n',
      'closes',
    ],
  },
  {
    title: 'fewer headers than came',
    application: (server, note) => {
      server.maxHeadersCount = 2;
      describing(server, note);
    },
    steps: ['GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nA: 1\r\nB: 2\r\n\r\n', 'closes'],
  },
  {
    title: 'a body by length',
    application: echo,
    steps: [POST, 'he', 'llo', { receives: 'hello' }, LAST, 'closes'],
  },
  {
    title: 'a body in chunks with trailers',
    application: echo,
    steps: [
      `${CHUNKED}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-T: v\r\n\r\n`,
      { receives: 'abcde' },
      LAST,
      'closes',
    ],
  },
  { title: 'requests in one packet', application: echo, steps: [`${POST}hello${GET}${LAST}`, 'closes'] },
  {
    title: 'requests in one packet, behind which the client ends its side',
    application: hello,
    steps: [`${GET}${GET}${GET}`, 'end', 'closes'],
  },
  { title: 'a body that nobody reads', application: hello, steps: [`${POST}hello${LAST}`, 'closes'] },
  {
    title: 'a body that is read too late',
    differs: 'who asks for the end of a body that was never there, after the answer, is not told',
    differsBefore: 26,
    application: on((request, response, note) => {
      response.end('early');
      response.on('close', () => {
        request.on('data', () => note('data'));
        request.on('end', () => note('end'));
      });
    }),
    steps: [`${POST}hello`, { receives: 'early' }, LAST, 'closes'],
  },
  {
    title: 'async iteration',
    application: on((request, response) => {
      void (async () => {
        let n = 0;
        for await (const chunk of request) n += (chunk as Buffer).length;
        response.end(String(n));
      })();
    }),
    steps: [POST, 'hello', { receives: '\r\n5' }, LAST, 'closes'],
  },
  {
    title: 'a piped echo',
    application: on((request, response) => void request.pipe(response)),
    steps: [`${POST}hello${LAST}`, 'closes'],
  },
  {
    title: 'pipeline from a stream',
    application: on((_request, response, note) =>
      pipeline(Readable.from(['a', 'b']), response, (error) => note(`done ${String(error)}`)),
    ),
    steps: [LAST, 'closes'],
    until: 'done undefined',
  },
  {
    title: 'finished of both',
    application: on((request, response, note) => {
      finished(request, (error) => note(`req ${error?.code}`));
      finished(response, (error) => note(`res ${error?.code}`));
      request.resume();
      response.end('x');
    }),
    steps: [GET, { noted: 'res undefined' }, { noted: 'req undefined' }, LAST, 'closes'],
  },
  {
    title: 'slow first answers of pipelined requests',
    application: on((request, response, note) => {
      note(`begin ${request.url}`);
      setTimeout(() => response.end(request.url), request.url === '/1' ? 30 : 0);
    }),
    steps: [
      'GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'closes',
    ],
  },
  {
    title: 'behind Connection: close',
    differs:
      'what follows a request that closes the connection is ignored (RFC 9112 §9.6); Node cuts the answer off with a 400',
    application: on((request, response, note) => {
      note(request.url!);
      setImmediate(() => response.end('x'));
    }),
    steps: [`${LAST}${GET}`, 'closes'],
  },
];
