// Program: holds argv[3] keep-alive connections to port argv[2] busy for argv[4] milliseconds, one request at
// a time on each, and prints how many were answered. A process of its own, so that its CPU is not the server's.
import { connect, type Socket } from 'node:net';

const [, , port, connections, milliseconds] = process.argv.map(Number);
const REQUEST = Buffer.from('GET / HTTP/1.1\r\nHost: bench\r\n\r\n');
const SUCCESS = Buffer.from('HTTP/1.1 200');
const END_OF_HEAD = '\r\n\r\n';

let answered = 0;
let isOver = false;
let open = 0;

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Size of an answer, which is the same each time: the Date header has a fixed length. */
function answerLength(answer: Buffer): number {
  const head = answer.indexOf(END_OF_HEAD);
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(answer.toString('latin1', 0, head + 2))?.[1];
  if (head === -1 || length === undefined)
    fail(`No head with a Content-Length: ${answer.toString('latin1')}`);
  return head + END_OF_HEAD.length + Number(length);
}

function hold(): void {
  let expected = 0;
  let received = 0;
  const socket: Socket = connect({
    host: '127.0.0.1',
    port: port!,
    noDelay: true,
    // One buffer for the life of the connection: the client should cost as little as it can.
    onread: { buffer: Buffer.allocUnsafe(4096), callback: onRead },
  });

  function onRead(bytes: number, buffer: Uint8Array): boolean {
    const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, bytes);
    if (received === 0 && chunk.compare(SUCCESS, 0, SUCCESS.length, 0, SUCCESS.length) !== 0) {
      fail(`Not a success: ${chunk.toString('latin1')}`);
    }
    if (expected === 0) expected = answerLength(chunk);
    received += bytes;
    if (received > expected) fail(`An answer of ${received} bytes where ${expected} were expected`);
    if (received < expected) return true;
    received = 0;
    answered += 1;
    if (isOver) socket.end();
    else socket.write(REQUEST);
    return true;
  }

  open += 1;
  socket.on('connect', () => socket.write(REQUEST));
  socket.on('error', (error) => fail(error.message));
  socket.on('close', () => {
    if (!isOver) fail('The server closed a connection that was in use');
    open -= 1;
    if (open === 0) process.stdout.write(JSON.stringify({ answered }));
  });
}

for (let count = 0; count < connections!; count++) hold();
setTimeout(() => (isOver = true), milliseconds);
