import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServedConnection } from '../../connection/served-connection.ts';
import { socketEncodingError } from './errors.ts';
import { bindConnection, connectionOf } from './socket-connection.ts';
import { onTimeout } from './socket-timeout.ts';

/** Who hears of a stream's error; nobody does where the server has no use for it. */
type OnError = ((error: Error) => void) | undefined;

const errorListeners = new WeakMap<Duplex, NonNullable<OnError>>();

/** Makes a stream of Node's the socket of a server of HTTP. */
export function watchStream(
  stream: Duplex,
  connection: ServedConnection,
  server: Server,
  onError: OnError,
): void {
  bindConnection(stream, connection);
  Object.assign(stream, { server, _paused: false, setEncoding });
  stream.on('timeout', onStreamTimeout);
  // How a request of Node's says that it wants more of its body.
  stream.on('resume', onStreamResume);
  if (onError === undefined) return;
  errorListeners.set(stream, onError);
  stream.on('error', onError);
}

/** Leaves nothing of that behind: what it is from now on, it has no use for any of it. */
export function unwatchStream(stream: Duplex): void {
  delete (stream as Partial<Duplex>).setEncoding;
  stream.off('timeout', onStreamTimeout);
  stream.off('resume', onStreamResume);
  const onError = errorListeners.get(stream);
  if (onError !== undefined) stream.off('error', onError);
}

/** Shared by all streams: with HTTP/2 each request has one. */
function onStreamTimeout(this: Socket): void {
  onTimeout(this);
}

function onStreamResume(this: Socket): void {
  connectionOf(this)?.wantBody();
}

function setEncoding(): never {
  throw socketEncodingError();
}
