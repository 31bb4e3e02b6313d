import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { openSocket, RequestFailure, type Site } from '@gunicorn-ts/load';
import { closeCode, controlFrame, OPCODE, takeFrames } from './frames.ts';

const END_OF_HEAD = '\r\n\r\n';
/** Of RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A WebSocket that says nothing but that it is there. */
export class WebSocketClient {
  /** The code of the server's close frame; `undefined` when the connection ended without one. */
  readonly ended: Promise<number | undefined>;
  readonly #socket: Socket;
  #rest: Buffer;
  #code: number | undefined;
  #pong: (() => void) | undefined;

  private constructor(socket: Socket, rest: Buffer) {
    this.#socket = socket;
    this.#rest = rest;
    this.ended = new Promise((resolve) => socket.once('close', () => resolve(this.#code)));
    socket.on('error', () => {}).on('data', (bytes: Buffer) => this.#take(bytes));
    this.#take(Buffer.alloc(0));
  }

  /** @throws {RequestFailure} when the server does not take it: with kind `status` when it says so */
  static async open(site: Site, path: string, limitMs: number): Promise<WebSocketClient> {
    const socket = await openSocket(site, limitMs);
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${site.url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nOrigin: ${site.url.origin}${END_OF_HEAD}`,
    );
    try {
      const { head, rest } = await readHead(socket, limitMs);
      const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
      if (status !== '101') throw new RequestFailure('status', `status ${status ?? 'unknown'}`);
      const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
      if (!head.includes(accept)) throw new RequestFailure('malformed', 'a wrong Sec-WebSocket-Accept');
      return new WebSocketClient(socket, rest);
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  /** Resolves with true when the server has answered a ping, false when it has not within the limit or is gone. */
  async ping(limitMs: number): Promise<boolean> {
    const answered = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => answered.resolve(false), limitMs);
    this.#pong = () => answered.resolve(true);
    if (this.#socket.writable) this.#socket.write(controlFrame(OPCODE.ping));
    void this.ended.then(() => answered.resolve(false));
    const isThere = await answered.promise;
    clearTimeout(timer);
    return isThere;
  }

  close(): void {
    if (this.#socket.writable) this.#socket.end(controlFrame(OPCODE.close, Buffer.from([0x03, 0xe8])));
    this.#socket.destroySoon();
  }

  #take(bytes: Buffer): void {
    const { frames, rest } = takeFrames(Buffer.concat([this.#rest, bytes]));
    this.#rest = rest;
    for (const frame of frames) {
      if (frame.opcode === OPCODE.pong) this.#pong?.();
      if (frame.opcode === OPCODE.ping && this.#socket.writable)
        this.#socket.write(controlFrame(OPCODE.pong, frame.payload));
      if (frame.opcode !== OPCODE.close) continue;
      this.#code ??= closeCode(frame);
      if (this.#socket.writable) this.#socket.end(controlFrame(OPCODE.close, frame.payload.subarray(0, 2)));
    }
  }
}

async function readHead(socket: Socket, limitMs: number): Promise<{ head: string; rest: Buffer }> {
  let bytes = Buffer.alloc(0);
  const signal = AbortSignal.timeout(limitMs);
  const ended = new AbortController();
  socket.once('close', () => ended.abort());
  while (!bytes.includes(END_OF_HEAD)) {
    try {
      const [chunk] = (await once(socket, 'data', { signal: AbortSignal.any([signal, ended.signal]) })) as [
        Buffer,
      ];
      bytes = Buffer.concat([bytes, chunk]);
    } catch {
      if (signal.aborted) throw new RequestFailure('slow', `silence of ${limitMs} ms`);
      throw new RequestFailure('reset', 'the server closed the connection before the answer');
    }
  }
  // Flowing, it would lose what comes before somebody listens.
  socket.pause();
  const end = bytes.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
  queueMicrotask(() => socket.resume());
  return { head: bytes.toString('latin1', 0, end), rest: bytes.subarray(end) };
}
