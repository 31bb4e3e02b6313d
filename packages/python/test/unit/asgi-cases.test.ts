import { readFileSync } from 'node:fs';
import test from 'ava';

/** What a server of ASGI is asked, and which tests ask it: file, and how the title begins. */
const CASES: Readonly<Record<string, readonly (readonly [file: string, title: string])[]>> = {
  'all keys of an HTTP scope': [['requests', 'a scope has all that the specification names']],
  'paths that are not UTF-8, and NUL': [['requests', 'a path that is not UTF-8']],
  'raw path, encoded slashes and root path': [['lifespan', 'a root path is put in front']],
  'scopes that are not shared': [['requests', 'what an application writes into its scope']],
  'unix sockets': [['requests', 'a unix socket has a server without a port']],
  'forwarded scheme and client': [['requests', 'a trusted proxy names scheme and client']],
  'schemes over TLS': [['tls', 'over TLS the schemes are https and wss']],
  'bodies by length and in chunks': [['requests', 'bodies of any size come whole']],
  'an answer before the body': [['requests', 'an answer before the body is complete']],
  '100 Continue': [['requests', '100 Continue is sent when the application asks']],
  'receive behind the body': [['requests', 'behind the body, receive waits']],
  'a client that has left': [['requests', 'an application hears at once that its client has left']],
  'a response in one piece': [['responses', 'a response in one piece leaves in one piece']],
  'a response in pieces': [['responses', 'pieces of a stream arrive as they are sent']],
  'HTTP/1.0': [['responses', 'a client of HTTP/1.0 gets no chunks']],
  'HEAD, 204 and 304': [['responses', 'HEAD, 204 and 304 have no body']],
  'a length that is not kept': [['responses', 'a body longer than its length']],
  'messages in a wrong order': [['responses', 'what comes at the wrong time']],
  'headers that cannot be sent': [['responses', 'a header that would end its line']],
  'applications that fail or return early': [['responses', 'an application that fails is answered for']],
  pipelining: [['requests', 'requests on one connection are answered in their order']],
  'a stream whose client has left': [['responses', 'a stream that nobody reads ends']],
  'work behind a response': [
    ['responses', 'work behind a response holds up nobody'],
    ['endings', 'work behind a response that never ends'],
  ],
  'a thousand requests at a time': [['requests', 'a thousand requests wait in one process']],
  'files by their path': [
    ['extensions', 'a file that the application names is sent whole'],
    ['extensions', 'a file that is not there is told'],
  ],
  'early hints and trailers': [
    ['responses', 'early hints leave before the head'],
    ['extensions', 'trailers reach the client that asks'],
  ],
  'modes of the lifespan': [
    ['lifespan', 'an application that knows no lifespan is served without'],
    ['lifespan', 'a startup that failed ends the start'],
    ['lifespan', 'with asgiLifespan on, an application must know it'],
    ['lifespan', 'with asgiLifespan off it is not called'],
  ],
  'messages of WebSockets': [
    ['websocket', 'messages of any size come back as they were'],
    ['websocket', 'a message that is too long'],
  ],
  'handshakes of WebSockets': [['websocket', 'a handshake that is none']],
  'codes of WebSockets': [['websocket', 'codes of the end go both ways']],
  'back-pressure': [
    ['responses', 'an application is held back by a slow client'],
    ['websocket', 'a slow client holds back the application'],
  ],
  'no request lost': [
    ['no-request-lost', 'reloads lose no request'],
    ['no-request-lost', 'recycling by maxRequests loses no request'],
    ['no-request-lost', 'an upgrade by USR2 loses no request'],
    ['no-request-lost', 'a process that is killed while it is idle costs no request'],
    ['no-request-lost', 'a neighbour that is killed costs nothing'],
    ['processes', 'after maxRequests a process is replaced by itself'],
    ['websocket', 'a worker that leaves says 1012'],
  ],
};

for (const [name, asked] of Object.entries(CASES)) {
  test(`what is asked of ASGI servers is tested: ${name}`, (t) => {
    for (const [file, title] of asked) {
      const text = readFileSync(new URL(`../integration/asgi/${file}.test.ts`, import.meta.url), 'utf8');
      t.true(text.includes(title), `${file}: ${title}`);
    }
  });
}
