// Program: holds argv[3] connections to port argv[2] whose request is never whole: each sends half a head, and then a
// byte every argv[4] milliseconds, or nothing more when that is 0. What the server closes is opened again. Prints
// `open` when all have sent their half, and leaves when its standard input ends.
import { connect } from 'node:net';

const [, , port = 0, connections = 1, everyMs = 0] = process.argv.map(Number);
const HALF = 'GET / HTTP/1.1\r\nHost: bench\r\nX-Slow: ';
const AGAIN_MS = 50;

let opened = 0;

function hold(isFirst: boolean): void {
  let pace: NodeJS.Timeout | undefined;
  let isOpen = !isFirst;
  const socket = connect({ host: '127.0.0.1', port, noDelay: true }, () => {
    socket.write(HALF, () => {
      if (isOpen) return;
      isOpen = true;
      opened += 1;
      if (opened === connections) process.stdout.write('open\n');
    });
    if (everyMs > 0) pace = setInterval(() => socket.write('x'), everyMs);
  });
  socket.resume();
  // Closing says what there is to do.
  socket.on('error', () => {});
  socket.on('close', () => {
    clearInterval(pace);
    setTimeout(() => hold(!isOpen), AGAIN_MS);
  });
}

for (let count = 0; count < connections; count++) hold(true);
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
