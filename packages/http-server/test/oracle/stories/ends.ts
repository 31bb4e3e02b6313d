import type { Story } from '../story.ts';
import { type Listener, GET, LAST, POST, hello, watched } from '../application.ts';

const never: Listener = () => undefined;

export const ends: readonly Story[] = [
  {
    title: 'a client that resets while it waits',
    application: watched((_q, _s, note) => note('asked')),
    steps: [GET, { noted: 'asked' }, 'reset'],
    until: 'res close',
  },
  {
    title: 'a client that leaves while it waits',
    application: watched((_q, _s, note) => note('asked')),
    steps: [GET, { noted: 'asked' }, 'end'],
    until: 'res close',
  },
  {
    title: 'a client that resets in its body',
    application: watched((request, _s, note) => {
      request.on('data', () => note('data'));
    }),
    steps: [`${POST}he`, { noted: 'data' }, 'reset'],
    until: 'res close',
  },
  {
    title: 'a client that ends in its body',
    application: watched((request, _s, note) => {
      request.on('data', () => note('data'));
    }),
    steps: [`${POST}he`, { noted: 'data' }, 'end', 'closes'],
    until: 'res close',
  },
  { title: 'a client that ends in its head', application: hello, steps: ['GET / HT', 'end', 'closes'] },
  { title: 'a client that ends at once', application: hello, steps: ['end', 'closes'] },
  { title: 'a client that ends behind its request', application: hello, steps: [GET, 'end', 'closes'] },
  {
    title: 'an application that destroys the response',
    application: watched((_request, response) => void response.destroy()),
    steps: [GET, 'closes'],
    until: 'res close',
  },
  {
    title: 'an application that destroys the request',
    differs: 'the response hears of it before the request does',
    differsWith: 'descriptor',
    application: watched((request) => void request.destroy()),
    steps: [GET, 'closes'],
    until: 'res close',
  },
  {
    title: 'an application that destroys the socket',
    application: watched((request) => void request.socket.destroy()),
    steps: [GET, 'closes'],
    until: 'res close',
  },
  {
    title: 'an application that destroys in the middle',
    application: watched((_request, response) => {
      response.write('a');
      setImmediate(() => response.destroy(new Error('no')));
    }),
    steps: [GET, 'closes'],
    until: 'res close',
  },
  {
    title: 'an application that ends the socket',
    application: watched((request) => void request.socket.end('HTTP/1.1 200 raw\r\n\r\n')),
    steps: [GET, 'closes'],
    until: 'res close',
  },
  {
    title: 'an application that writes after the end',
    application: watched((_request, response, note) => {
      response.end('x');
      response.write('y', (error) => note(`write ${(error as NodeJS.ErrnoException).code}`));
    }),
    steps: [GET, { noted: 'res close' }, LAST, 'closes'],
  },
  {
    title: 'an application that answers twice',
    application: watched((_request, response, note) => {
      response.end('x');
      response.end('y', () => note('second'));
      try {
        response.writeHead(200);
      } catch (error) {
        note((error as NodeJS.ErrnoException).code!);
      }
    }),
    steps: [GET, { noted: 'res close' }, LAST, 'closes'],
  },
  {
    title: 'an application that sends too little',
    application: watched((_request, response) => {
      response.setHeader('Content-Length', 5);
      response.end('x');
    }),
    steps: [GET, { noted: 'res close' }, 'end', 'closes'],
  },
  {
    title: 'destroySoon of the socket',
    application: watched((request, response) => {
      response.end('x');
      request.socket.destroySoon();
    }),
    steps: [GET, 'closes'],
    until: 'res close',
  },
  {
    title: 'callbacks of writes',
    application: watched((_request, response, note) => {
      response.write('a', () => note('cb a'));
      response.end('b', () => note('cb end'));
    }),
    steps: [GET, { noted: 'res close' }, LAST, 'closes'],
  },
  {
    title: 'a response that never comes and a close of all',
    application: (server, note) => {
      watched((_q, _s, note2) => {
        note2('asked');
        setImmediate(() => server.closeAllConnections());
      })(server, note);
    },
    steps: [GET, 'closes'],
    until: 'res close',
  },
  {
    title: 'an application that never answers, and pipelines',
    application: watched((request, _response, note) => {
      note(request.url!);
      never(request, _response, note);
    }),
    steps: [`GET /1 HTTP/1.1\r\nHost: x\r\n\r\n`, { noted: '/1' }, 'reset'],
    until: 'res close',
  },
];
