import type { Server } from 'node:http';
import type { Story } from '../story.ts';
import { GET, LAST, hello, echo } from '../application.ts';

export const expectations: readonly Story[] = [
  {
    title: 'Expect: 100-continue',
    application: echo,
    steps: [
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
      { receives: '100 Continue' },
      'hello',
      'closes',
    ],
  },
  {
    title: 'checkContinue',
    application: (server, note) => {
      server.on('checkContinue', (request, response) => {
        note('check');
        response.writeContinue();
        request.resume().on('end', () => response.end('ok'));
      });
    },
    steps: [
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-Continue\r\nConnection: close\r\n\r\n',
      { receives: '100 Continue' },
      'hello',
      'closes',
    ],
  },
  {
    title: 'checkContinue refused',
    application: (server) => {
      server.on('checkContinue', (_request, response) => void response.writeHead(403).end('no'));
    },
    steps: ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n', 'closes'],
  },
  {
    title: 'another expectation',
    application: hello,
    steps: ['GET / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\n\r\n', { receives: '417' }, LAST, 'closes'],
  },
  {
    title: 'checkExpectation',
    application: (server) => {
      server.on('checkExpectation', (_request, response) => void response.end('checked'));
    },
    steps: ['GET / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nConnection: close\r\n\r\n', 'closes'],
  },
  {
    title: 'maxRequestsPerSocket',
    application: (server, note) => {
      server.maxRequestsPerSocket = 2;
      server.on('dropRequest', (request) => note(`drop ${request.url}`));
      hello(server, note);
    },
    steps: [GET, { receives: 'hello' }, GET, 'closes'],
  },
  {
    title: 'no Host',
    differs: 'the refusal is bare, as that of any other request that is none',
    application: hello,
    steps: ['GET / HTTP/1.1\r\n\r\n', 'closes'],
  },
  {
    title: 'no Host, which is not required',
    options: { requireHostHeader: false },
    application: hello,
    steps: ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 'closes'],
  },
  {
    title: 'an upgrade that nobody listens to',
    application: hello,
    steps: [
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: y\r\n\r\n',
      { receives: 'hello' },
      LAST,
      'closes',
    ],
  },
  {
    title: 'a CONNECT that nobody listens to',
    application: hello,
    steps: ['CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', 'closes'],
  },
  ...(['upgrade', 'connect'] as const).map((event): Story => ({
    title: event,
    application: (server: Server, note) => {
      server.on(event, (request, socket, head) => {
        note(
          `${request.method} ${request.url} ${head.toString()} ${String(request.upgrade)} ${String(request.socket === socket)}`,
        );
        socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
        socket.on('data', (chunk: Buffer) => socket.write(`<${chunk.toString()}>`));
        socket.on('end', () => socket.end('bye'));
      });
    },
    steps: [
      `${event === 'connect' ? 'CONNECT a:1' : 'GET /'} HTTP/1.1\r\nHost: a:1\r\nConnection: upgrade\r\nUpgrade: y\r\n\r\nfirst`,
      { receives: '101' },
      'more',
      { receives: '<more>' },
      'end',
      'closes',
    ],
  })),
  {
    title: 'an upgrade without Host',
    application: (server, note) => {
      hello(server, note);
      server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 101 x\r\n\r\nup'));
    },
    steps: ['GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: y\r\n\r\n', 'closes'],
  },
  {
    title: 'requests before an upgrade',
    application: (server, note) => {
      hello(server, note);
      server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 101 x\r\n\r\nup'));
    },
    steps: [
      GET,
      { receives: 'hello' },
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: y\r\n\r\n',
      'closes',
    ],
  },
];
