// A process whose application throws where the path of a request says, and that tells what came of it.
import type { AddressInfo } from 'node:net';
import { createServer, type ServerOptions } from '../src/index.ts';

const transport = process.argv[2] as NonNullable<ServerOptions['transport']>;
process.on('uncaughtException', (error) => process.send?.(error.message));

function fail(place: string): never {
  throw new Error(place);
}

const server = createServer({ transport }, (request, response) => {
  const place = request.url!.slice(1);
  switch (place) {
    case 'listener':
      fail(place);
      break;
    case 'busy':
      process.send?.(place);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
      response.end('ok');
      break;
    case 'leaving':
      request.socket.once('close', () => process.send?.('left'));
      fail(place);
      break;
    case 'data':
      request.once('data', () => fail(place));
      break;
    case 'end':
      request.resume().once('end', () => fail(place));
      break;
    case 'finish':
    case 'close':
      response.once(place, () => fail(place)).end('x');
      break;
    case 'callback':
      response.end('x', () => fail(place));
      break;
    case 'drain':
      response.once('drain', () => fail(place)).write(Buffer.alloc(50_000_000));
      break;
    case 'connection':
      server.once('connection', () => fail(place));
      response.end('ok');
      break;
    default:
      response.end('ok');
  }
});
server.on('upgrade', () => fail('upgrade'));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
