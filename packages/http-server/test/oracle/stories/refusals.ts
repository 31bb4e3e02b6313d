import type { Story } from '../story.ts';
import { CHUNKED, hello, noteEvents, watched } from '../application.ts';

const BAD: readonly (readonly [title: string, input: string, differs?: string])[] = [
  ['garbage', '\0\x01\x02\r\n\r\n'],
  ['a bad version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
  ['another protocol', 'GET / RTSP/1.0\r\nHost: x\r\n\r\n', 'Node serves RTSP and ICE as HTTP'],
  ['a header without a colon', 'GET / HTTP/1.1\r\nHost x\r\n\r\n'],
  ['a space before the colon', 'GET / HTTP/1.1\r\nHost : x\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  ],
  [
    'a length and chunks, and no Host',
    'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  ],
  ['a control character', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\x01c\r\n\r\n'],
  ['a head that is too long', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`],
  ['a target that is too long', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
];

function because(differs: string): Pick<Story, 'differs'> {
  return differs === '' ? {} : { differs };
}

const bad: readonly Story[] = BAD.flatMap(([title, input, differs = '']): Story[] => [
  { title: `refused: ${title}`, application: hello, steps: [input, 'closes'], ...because(differs) },
  {
    title: `clientError: ${title}`,
    ...because(differs),
    application: (server, note) => {
      hello(server, note);
      server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket) => {
        note(`clientError ${error.code} ${String(socket.writable)}`);
        // How a long one is cut is a matter of the kernel.
        if (input.length < 1000) note(`packet ${error.rawPacket?.toString('latin1')}`);
        socket.end('HTTP/1.1 499 Mine\r\nConnection: close\r\n\r\n');
      });
    },
    steps: [input, 'closes'],
  },
]);

const chunks: readonly Story[] = [
  {
    title: 'a bad chunk',
    application: watched((request) => void request.resume()),
    steps: [`${CHUNKED}zz\r\n`, 'closes'],
    until: 'res close',
  },
  {
    title: 'the beginning of a bad chunk, of which the socket has an error',
    application: watched((request, _response, note) => {
      request.resume();
      noteEvents(request.socket, 'socket', ['error', 'close'], note);
    }),
    steps: [`${CHUNKED}z`, 'closes'],
    until: 'res close',
  },
  {
    title: 'a bad chunk behind an answer that has begun',
    application: watched((request, response) => {
      request.resume();
      response.write('a');
    }),
    steps: [CHUNKED, { receives: 'a\r\n' }, 'zz\r\n', 'closes'],
    until: 'res close',
  },
];

const unanswered: readonly Story[] = [
  {
    title: 'a client that ends in its body, of which clientError tells',
    application: (server, note) => {
      server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
        note(`${error.code} ${error.message}`);
        socket.destroy();
      });
      server.on('request', (request) => {
        request.on('error', () => {}).resume();
        note('asked');
      });
    },
    steps: [`${CHUNKED}5\r\nhe`, { noted: 'asked' }, 'end', 'closes'],
  },
  {
    title: 'a refusal that nobody answers, behind which the client ends its side',
    application: (server, note) => {
      hello(server, note);
      server.on('clientError', () => note('clientError'));
    },
    steps: ['GET / HTTP/9.9\r\n\r\n', { noted: 'clientError' }, 'end', 'closes'],
  },
];

export const refusals: readonly Story[] = [...bad, ...chunks, ...unanswered];
