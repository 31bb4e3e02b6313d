// Program: sends argv[3] requests to port argv[2], or as many as argv[4] seconds allow, and leaves each before it is over:
// uploads in the middle of the body, downloads after the first bytes; half of them by a reset, half by an orderly end.
// Prints how many were begun, as a number, and ends.
import { connect, type Socket } from 'node:net';

const [, , port = 0, count = 0, seconds = 0] = process.argv.map(Number);
const end = performance.now() + seconds * 1000;
const CLIENTS = 32;
const PART = Buffer.alloc(32 * 1024, 'x');
const UPLOAD_HEAD = `POST /upload HTTP/1.1\r\nHost: bench\r\nExpect: 100-continue\r\nContent-Length: ${1024 * 1024}\r\n\r\n`;
const DOWNLOAD_HEAD = 'GET /download HTTP/1.1\r\nHost: bench\r\n\r\n';
const TIMEOUT_MS = 20_000;
/** Of these in a row nobody is served any more. */
const MOST_FAILURES = 100;

let begun = 0;
let failures = 0;

/** The server has taken the request, and its application may have it. */
function isTaken(answer: string, isUpload: boolean): boolean {
  return answer.startsWith(isUpload ? 'HTTP/1.1 100' : 'HTTP/1.1 200');
}

function leave(socket: Socket, isUpload: boolean, byReset: boolean): void {
  if (!isUpload) return void (byReset ? socket.resetAndDestroy() : socket.destroy());
  socket.write(PART, () => void (byReset ? socket.resetAndDestroy() : socket.end()));
}

function abortOne(isUpload: boolean, byReset: boolean): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const timer = setTimeout(() => socket.destroy(), TIMEOUT_MS);
    let isBegun = false;
    socket.write(isUpload ? UPLOAD_HEAD : DOWNLOAD_HEAD);
    socket.on('data', (chunk) => {
      if (isBegun) return;
      isBegun = isTaken(chunk.toString('latin1', 0, 12), isUpload);
      if (isBegun) leave(socket, isUpload, byReset);
      else socket.destroy();
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(timer);
      begun += isBegun ? 1 : 0;
      failures = isBegun ? 0 : failures + 1;
      resolve();
    });
  });
}

let next = 0;
async function abortAll(): Promise<void> {
  while (next < count && performance.now() < end) {
    if (failures > MOST_FAILURES) {
      process.stderr.write(`The server has not taken ${failures} requests in a row (${begun} were taken)\n`);
      process.exit(1);
    }
    const number = next++;
    await abortOne(number % 2 === 0, number % 4 < 2);
  }
}

await Promise.all(Array.from({ length: CLIENTS }, abortAll));
process.stdout.write(`${begun}\n`);
