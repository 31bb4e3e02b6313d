import type { Socket } from 'node:net';
import { type SessionWire, SHUTDOWN_NOTICE } from './session-wire.ts';

/** A socket without TLS, whose bytes Node moves between the kernel and the session without JavaScript. */
export class SocketWire implements SessionWire {
  readonly stream: Socket;

  constructor(socket: Socket, rest: Buffer) {
    this.stream = socket;
    // The session looks for it when it begins.
    if (rest.length > 0) socket.unshift(rest);
    // Nothing that is still written arrives, and a session would wait for its streams.
    socket.on('end', () => socket.destroy());
    // `close` follows.
    socket.on('error', () => {});
  }

  giveNotice(): void {
    const { stream: socket } = this;
    // RFC 9113 §3.4: nothing comes before the settings. Beside a session the kernel gets both in the order of the calls.
    if (socket.bytesWritten > 0 && socket.writable) socket.write(SHUTDOWN_NOTICE);
  }

  destroy(): void {
    this.stream.destroy();
  }
}
