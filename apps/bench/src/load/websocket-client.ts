// Program: opens argv[3] WebSockets to port argv[2] and sends on each a message as soon as the last one has come back,
// for argv[4] seconds. Prints how many came back, and how many seconds it took, as JSON.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const [, , port = 0, connections = 1, seconds = 1] = process.argv.map(Number);
const TEXT = 'a message of thirty-two letters.';
const OPENING =
  'GET / HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
/** RFC 6455 §5.2: what a client sends is masked; with zeros it stays what it is. */
const MESSAGE = Buffer.concat([Buffer.from([0x81, 0x80 | TEXT.length, 0, 0, 0, 0]), Buffer.from(TEXT)]);
const ANSWER_BYTES = 2 + TEXT.length;

let answered = 0;

async function open(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  socket.write(OPENING);
  const [head] = (await once(socket, 'data')) as [Buffer];
  if (!head.toString('latin1').startsWith('HTTP/1.1 101'))
    throw new Error(`No WebSocket: ${head.toString('latin1')}`);
  return socket;
}

function keepAsking(socket: Socket): void {
  let received = 0;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received < ANSWER_BYTES) return;
    received -= ANSWER_BYTES;
    answered++;
    socket.write(MESSAGE);
  });
  socket.on('close', () => {
    process.stderr.write('A WebSocket was closed\n');
    process.exit(1);
  });
  socket.write(MESSAGE);
}

const sockets = await Promise.all(Array.from({ length: connections }, open));
const started = performance.now();
for (const socket of sockets) keepAsking(socket);
setTimeout(() => {
  const result = { answered, seconds: (performance.now() - started) / 1000 };
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}, seconds * 1000);
