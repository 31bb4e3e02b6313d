import type { Server } from 'node:http';
import type { Story } from '../story.ts';
import { GET, LAST, POST, hello, noteEvents, on, watched } from '../application.ts';

const noteClientErrors: Story['application'] = (server, note) => {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    note(`clientError ${error.code ?? error.message} ${String(socket.writable)}`);
    socket.destroy();
  });
};

/** What `request.socket` is and does. */
export const sockets: readonly Story[] = [
  {
    title: 'an error that the application emits on the socket',
    application: watched((request, response) => {
      response.write('asd', () => void request.socket.emit('error', new Error('kaboom')));
    }),
    steps: [GET, 'closes'],
    until: 'res close',
  },
  {
    title: 'an error that the application emits on the socket, of which clientError tells',
    application: (server, note) => {
      noteClientErrors(server, note);
      watched((request) => void request.socket.emit('error', new Error('kaboom')))(server, note);
    },
    steps: [GET, 'closes'],
    until: 'res close',
  },
  {
    title: 'an error that the application destroys the socket with, of which clientError tells',
    application: (server, note) => {
      noteClientErrors(server, note);
      watched((request) => void request.socket.destroy(new Error('kaboom')))(server, note);
    },
    steps: [GET, 'closes'],
    until: 'res close',
  },
  {
    title: 'a reset in a head, of which clientError tells',
    application: (server, note) => {
      server.on('connection', () => note('connection'));
      noteClientErrors(server, note);
      hello(server, note);
    },
    steps: ['GET / HT', { noted: 'connection' }, 'reset'],
    until: 'clientError ECONNRESET false',
  },
  {
    title: 'listeners for the bytes of a socket',
    application: on((request, response, note) => {
      request.socket.on('data', (bytes: Buffer) => note(`raw ${bytes.toString()}`));
      request.on('data', (bytes: Buffer) => note(`body ${bytes.toString()}`));
      request.on('end', () => response.writeHead(200, { Connection: 'close' }).end('x'));
      note('asked');
    }),
    steps: [POST, { noted: 'asked' }, 'hello', 'closes'],
  },
  ...(['end', 'reset'] as const).map((step): Story => ({
    title: `the events of a socket whose client leaves by ${step}`,
    application: watched((request, _response, note) => {
      noteEvents(request.socket, 'socket', ['end', 'close', 'error'], note);
      note('asked');
    }),
    steps: [GET, { noted: 'asked' }, step],
    until: 'res close',
  })),
  {
    title: 'a socket that the application resets',
    application: watched((request, _response, note) => {
      noteEvents(request.socket, 'socket', ['close', 'error'], note);
      request.socket.resetAndDestroy();
    }),
    steps: [GET],
    until: 'res close',
  },
  {
    title: 'a write of more than the high water mark',
    options: { highWaterMark: 1000 },
    application: on((_request, response, note) => {
      response.on('drain', () => {
        note(`drain ${response.writableLength}`);
        response.end('x');
      });
      note(String(response.write('a'.repeat(2000))));
      note(String(response.writableNeedDrain));
    }),
    steps: [LAST, 'closes'],
  },
  {
    title: 'writes of less than the high water mark',
    application: on((_request, response, note) => {
      response.write('');
      const before = response.writableLength;
      note(String(response.write('asd')));
      note(String(response.writableLength - before));
      response.end();
      response.on('finish', () => note(String(response.writableLength)));
    }),
    steps: [LAST, 'closes'],
  },
  {
    title: 'an encoding of the socket',
    application: on((request, response, note) => {
      try {
        request.socket.setEncoding('utf8');
      } catch (error) {
        note((error as NodeJS.ErrnoException).code!);
      }
      response.end('x');
    }),
    steps: [LAST, 'closes'],
  },
  {
    title: 'the socket behind its last response',
    application: on((request, response, note) => {
      response.on('finish', () => note(`${request.socket.writableEnded} ${request.socket.writable}`));
      response.end('x');
    }),
    steps: [LAST, 'closes'],
  },
  {
    title: 'a connection that is kept for long enough, to whoever listens to timeout',
    application: (server: Server & { keepAliveTimeoutBuffer?: number }, note) => {
      server.keepAliveTimeout = 20;
      server.keepAliveTimeoutBuffer = 20;
      server.on('timeout', (socket) => {
        note('timeout');
        socket.destroy();
      });
      hello(server, note);
    },
    steps: [GET, { receives: 'hello' }, 'closes'],
  },
  {
    title: 'an upgraded socket that nobody listens to, and the end of its server',
    application: (server, note) => {
      server.on('upgrade', (request, socket) => {
        note(`${request.complete}`);
        request.on('end', () => note('end')).resume();
        note(String((socket as { parser?: unknown }).parser));
        for (const event of ['close', 'drain', 'data', 'end', 'error', 'timeout']) {
          note(`${event} ${socket.listenerCount(event)}`);
        }
        socket.removeAllListeners();
        socket.end('HTTP/1.1 101 x\r\n\r\n');
        socket.resume();
        server.close(() => note('closed'));
      });
    },
    steps: ['GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: y\r\n\r\n', 'closes'],
    until: 'closed',
  },
];
