import type { Duplex } from 'node:stream';
import { type BootMessage, parseWorkerMessage, type WorkerMessage } from '@gunicorn-ts/interface';
import { WorkerLines } from './worker-lines.ts';

/** How Node.js tells that a descriptor came with a message, and the answer without which it sends nothing more. */
const HANDLE = '{"cmd":"NODE_HANDLE"';
const HANDLE_TAKEN = '{"cmd":"NODE_HANDLE_ACK"}\n';

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

  send(message: BootMessage): void {
    this.#socket.write(`${JSON.stringify(message)}\n`);
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
