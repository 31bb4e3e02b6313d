/** Text of an application that shows what a proxy makes of requests and answers. */
export const APPLICATION: string = `
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const waiting = [];

const server = createServer(async (request, response) => {
  response.setHeader('X-Worker-Pid', process.pid);
  if (request.url === '/upload') {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of request) {
      bytes += chunk.length;
      hash.update(chunk);
    }
    response.end(JSON.stringify({ bytes, sha256: hash.digest('hex') }));
  } else if (request.url === '/events/') {
    response.write('one,');
    waiting.push(() => response.end('two'));
  } else if (request.url === '/release') {
    waiting.splice(0).forEach((release) => release());
    response.end();
  } else if (request.url === '/slow') {
    setTimeout(() => response.end('done'), 1500);
  } else {
    response.end(JSON.stringify({ url: request.url, headers: request.headers, peer: request.socket.remoteAddress, greeting: process.env.GREETING }));
  }
});

server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11')
    .digest('base64');
  socket.write(
    'HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' +
      accept + '\\r\\n\\r\\n',
  );
  socket.on('error', () => socket.destroy());
  socket.pipe(socket);
});

export default server;
`;

/** The opening of a WebSocket, and what the server has to make of its key. */
export const HANDSHAKE: string = [
  'GET /socket HTTP/1.1',
  'Host: shop.test',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n');
export const ACCEPTED = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/** What the application answers where it has nothing better to say. */
export interface Seen {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly peer: string | undefined;
  /** Of its environment. */
  readonly greeting?: string;
}
