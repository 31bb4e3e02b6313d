// Program: opens argv[3] keep-alive connections to port argv[2], asks once on each, and then keeps silent; with argv[4] it
// asks for WebSockets. Prints `open` when all are answered, and closes them and leaves when its standard input ends.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const [, , port, connections, asksForWebSocket = 0] = process.argv.map(Number);
const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
const REQUEST = `GET / HTTP/1.1\r\nHost: bench\r\n${asksForWebSocket === 0 ? '' : UPGRADE}\r\n`;
/** Connections that are being opened at a time: fewer than any server's queue. */
const OPENING = 256;

const crowd: Socket[] = [];

async function join(): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port: port! });
  socket.setNoDelay();
  socket.write(REQUEST);
  await once(socket, 'data');
  crowd.push(socket);
  socket.on('close', () => leaving || fail('The server closed an idle connection'));
  socket.on('error', () => {});
}

let leaving = false;

function fail(message: string): never {
  process.stderr.write(`${message} (${crowd.length} were open)\n`);
  process.exit(1);
}

let next = 0;
async function joinAll(): Promise<void> {
  while (next++ < connections!) await join();
}

await Promise.all(Array.from({ length: OPENING }, joinAll)).catch((error: Error) => fail(error.message));
process.stdout.write('open\n');

process.stdin.resume();
await once(process.stdin, 'end');
leaving = true;
await Promise.all(crowd.map((socket) => once(socket.destroy(), 'close')));
process.exit(0);
