import { closeSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { type ArbiterMessage, parseWorkerMessage, type WorkerMessage } from '@gunicorn-ts/interface';
import { duplicate, sendWithDescriptor } from '@gunicorn-ts/posix';
import { WorkerLines } from './worker-lines.ts';

/** How Node.js tells that a descriptor came with a message, and the answer without which it sends nothing more. */
const HANDLE = '{"cmd":"NODE_HANDLE"';
const HANDLE_TAKEN = '{"cmd":"NODE_HANDLE_ACK"}\n';
/** After which a channel that was full is tried again, in milliseconds. */
const FULL_MS = 50;

/**
 * The arbiter's end of a worker's message channel: a socket on which Node.js in the worker speaks lines of JSON, as
 * `process.send`. It is read here, and not by Node as `'ipc'`, which holds whatever has no line end, and keeps every
 * descriptor that an application sends along.
 */
export class MessageChannel {
  readonly #socket: Duplex;
  readonly #lines: WorkerLines;

  /** What the worker finds it by. */
  static environment(fd: number): NodeJS.ProcessEnv {
    return { NODE_CHANNEL_FD: String(fd), NODE_CHANNEL_SERIALIZATION_MODE: 'json' };
  }

  constructor(
    socket: Duplex,
    handlers: { onMessage(message: WorkerMessage): void; onEndless(mebibytes: number): void },
  ) {
    this.#socket = socket;
    this.#lines = WorkerLines.read(socket, {
      onLine: (line) => {
        if (line.startsWith(HANDLE)) return void socket.write(HANDLE_TAKEN);
        const message = parseWorkerMessage(parse(line));
        if (message !== undefined) handlers.onMessage(message);
      },
      onEndless: handlers.onEndless,
    });
    // The worker closed its end: `process.disconnect()`.
    socket.on('end', () => socket.end());
  }

  /** `fd` goes along as the handle that `process.on('message')` gives in the worker. */
  send(message: ArbiterMessage, fd?: number): void {
    if (fd === undefined) {
      this.#socket.write(`${JSON.stringify(message)}\n`);
      return;
    }
    const line = JSON.stringify({ cmd: 'NODE_HANDLE', type: 'net.Native', msg: message });
    // The caller may close its descriptor before the worker takes this one.
    this.#sendHandle(Buffer.from(`${line}\n`), duplicate(fd));
  }

  /** Past Node, which sends no descriptor on a socket of this kind: only when what it was given is sent. */
  #sendHandle(line: Buffer, fd: number): void {
    const { _handle: handle } = this.#socket as unknown as { _handle?: { fd: number } | null };
    if (handle === null || handle === undefined || this.#socket.destroyed) {
      closeSync(fd);
      return;
    }
    let sent: number;
    try {
      sent = this.#socket.writableLength > 0 ? 0 : sendWithDescriptor(handle.fd, line, fd);
    } catch {
      // The worker is gone.
      sent = line.length;
    }
    if (sent === 0) {
      setTimeout(() => this.#sendHandle(line, fd), FULL_MS);
      return;
    }
    closeSync(fd);
    if (sent < line.length) this.#socket.write(line.subarray(sent));
  }

  /** Reads what a worker that is gone has left, for so long at most, and closes. */
  finish(limitMs: number, onFinished: () => void): void {
    if (this.#socket.destroyed) {
      onFinished();
      return;
    }
    const timer = setTimeout(() => this.#socket.destroy(), limitMs);
    this.#socket.once('close', () => {
      clearTimeout(timer);
      onFinished();
    });
    this.#lines.readRest();
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
