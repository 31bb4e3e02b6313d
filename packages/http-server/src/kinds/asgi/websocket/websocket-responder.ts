import type { AsgiHead, AsgiMessageForm, AsgiSocketCall, AsgiSocketResponse } from '@gunicorn-ts/interface';
import type { RawData, WebSocket } from 'ws';
import type { Answer } from '../../direct/answer.ts';
import type { UpgradedConnection } from '../../direct/upgraded-connection.ts';
import { TransportStream } from '../../../transport/transport-stream.ts';
import { AsgiResponder } from '../asgi-responder.ts';
import { frameHeader } from './frame-header.ts';
import type { WebSockets } from './websockets.ts';

/** When a connection died without a word of its own. */
const ABNORMAL_CLOSURE = 1006;

/** Sends what a gateway says to a client that asked for a WebSocket: a response that refuses it, or messages. */
export class WebSocketResponder extends AsgiResponder implements AsgiSocketResponse {
  declare call: AsgiSocketCall | undefined;
  readonly #sockets: WebSockets;
  readonly #answer: Answer;
  #connection: UpgradedConnection | undefined;
  #socket: WebSocket | undefined;
  #isClosed = false;
  /** The next frame belongs to a message whose beginning was sent. */
  #isContinued = false;
  /** What the application failed of; told to the log when the connection is over. */
  #failure: Error | undefined;

  constructor(answer: Answer, sockets: WebSockets) {
    super(answer);
    this.#answer = answer;
    this.#sockets = sockets;
  }

  accept(subprotocol: string | undefined, headers: AsgiHead['headers']): void {
    if (this.isOver || this.#connection !== undefined) return;
    const connection = this.#answer.upgrade();
    this.#connection = connection;
    const { socket, rest } = connection;
    // The client may be gone before `ws` has it; later that knows how it ended.
    socket.once('close', () => {
      if (this.#socket === undefined) this.#over(ABNORMAL_CLOSURE, '');
    });
    const { head } = this.#answer;
    const onLeave = (code: number): void => this.#tell(code, '');
    const opening = { head, socket, rest, subprotocol, headers, onLeave };
    this.#sockets.open(opening, (opened) => this.#attend(opened));
  }

  send(data: Uint8Array, { isText, isLast }: AsgiMessageForm, onSent: () => void): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    const stream = this.#connection?.socket;
    // What is compressed goes through `ws`, and so does what it refuses, of a connection that is about to end.
    if (!(stream instanceof TransportStream) || socket.extensions !== '' || !isOpen(socket)) {
      socket.send(data, { binary: !isText, fin: isLast }, () => onSent());
      return;
    }
    // `ws` would write header and data by themselves, with a request of Node's for both.
    stream.send(frameHeader(data.length, { isText, isLast, isContinued: this.#isContinued }), data, onSent);
    this.#isContinued = !isLast;
  }

  close(code: number, reason: string): void {
    this.#socket?.close(code, reason);
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  override fail(error: Error): void {
    this.#failure = error;
    if (this.#connection === undefined) super.fail(error);
    else this.#cut();
  }

  override lose(error: Error, status: 502 | 504): void {
    if (this.#connection === undefined) super.lose(error, status);
    else this.#cut();
  }

  #cut(): void {
    this.#isClosed = true;
    if (this.#socket === undefined) this.#connection?.socket.destroy();
    // An error of the server, RFC 6455 §7.4.1; it gets a moment to leave.
    else this.#socket.close(1011);
  }

  #attend(socket: WebSocket): void {
    this.#socket = socket;
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (!this.#isClosed) this.call?.message(data as Buffer, !isBinary);
    });
    // What is wrong is in the code that follows.
    socket.on('error', () => undefined);
    socket.on('close', (code: number, reason: Buffer) => this.#over(code, reason.toString()));
  }

  #over(code: number, reason: string): void {
    const connection = this.#connection;
    if (connection === undefined || this.isOver) return;
    connection.over((connection.socket as { bytesWritten?: number }).bytesWritten ?? 0);
    this.finish(this.#failure);
    this.#tell(code, reason);
  }

  #tell(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.call?.closed(code, reason);
  }
}

function isOpen({ readyState, OPEN }: WebSocket): boolean {
  return readyState === OPEN;
}
