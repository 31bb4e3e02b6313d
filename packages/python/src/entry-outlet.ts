import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorLogOutlet, LOG_LEVELS, type LogEntry, type LogLevel } from '@gunicorn-ts/interface';
import { randomName } from '@gunicorn-ts/posix';
import { readLines } from './line-reader.ts';

/** What a master that does not get on may leave unwritten before the own log takes over. */
const MOST_WAITING_BYTES = 2 ** 20;
const RETRY_MS = 200;
/** How long is waited for a master to write what it was given. */
const PATIENCE_MS = 500;

/** What the master says on a connection for entries: the level that it wants, or what it has written. */
interface News {
  readonly level?: LogLevel | null;
  /** Number of the last entry that went through the loggers. */
  readonly written?: number;
  /** Those of them that belong into the own log. */
  readonly own?: readonly number[];
}

interface Waiting {
  readonly entry: LogEntry;
  readonly bytes: number;
}

/**
 * Leads the entries of a process of the server to the loggers of the Python master, on a connection of its own. An
 * entry that the master has not written when it is gone is given back. Lives in the arbiter, and in each worker.
 */
export class EntryOutlet implements ErrorLogOutlet {
  level: LogLevel | undefined;
  readonly #address: string;
  readonly #waiting: Map<number, Waiting> = new Map();
  #waitingBytes = 0;
  #last = 0;
  #socket: Socket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #giveBack: (entry: LogEntry) => void = () => undefined;
  #onWritten: (() => void) | undefined;
  #isClosed = false;

  /**
   * @param address path of the unix socket of the master
   * @param level what it asks for, as far as that is known
   */
  constructor(address: string, level: LogLevel | undefined) {
    this.#address = address;
    this.level = level;
  }

  begin(giveBack: (entry: LogEntry) => void): void {
    this.#giveBack = giveBack;
    this.#connect();
  }

  take(entry: LogEntry): boolean {
    const socket = this.#socket;
    if (socket === undefined || this.#waitingBytes >= MOST_WAITING_BYTES) return false;
    const number = ++this.#last;
    const line = lineOf(number, entry);
    this.#waiting.set(number, { entry, bytes: line.length });
    this.#waitingBytes += line.length;
    socket.write(line);
    return true;
  }

  settle(): void {
    // What the kernel has is read by the master, also when this process is gone.
    if (this.#socket === undefined || this.#socket.writableLength > 0) this.#return();
  }

  /** Waits for what is on its way, for a moment: what the master is told then comes after it. */
  async written(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const written = new Promise<void>((resolve) => {
      this.#onWritten = resolve;
    });
    await Promise.race([written, sleep(PATIENCE_MS)]);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.written();
    this.level = undefined;
    this.#lose(this.#socket);
  }

  #connect(): void {
    const socket = connect(this.#address);
    this.#socket = socket;
    socket.write(`${randomName()} entries\n`);
    readLines(
      socket,
      (line) => this.#hear(JSON.parse(line) as News),
      () => undefined,
    );
    socket.on('error', () => undefined);
    socket.on('close', () => this.#lose(socket));
    // It is no reason for the process to stay.
    socket.unref();
  }

  #hear({ level, written, own = [] }: News): void {
    if (level !== undefined) this.level = LOG_LEVELS.find((one) => one === level);
    for (const number of own) {
      const waiting = this.#waiting.get(number);
      if (waiting !== undefined) this.#giveBack(waiting.entry);
    }
    if (written === undefined) return;
    for (const [number, { bytes }] of this.#waiting) {
      if (number > written) break;
      this.#waiting.delete(number);
      this.#waitingBytes -= bytes;
    }
    if (this.#waiting.size === 0) this.#onWritten?.();
  }

  /** Another master may come, at the same address. */
  #lose(socket: Socket | undefined): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    socket?.destroy();
    this.#return();
    this.#onWritten?.();
    if (!this.#isClosed) this.#retry = setTimeout(() => this.#connect(), RETRY_MS).unref();
  }

  #return(): void {
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#waitingBytes = 0;
    for (const { entry } of lost) this.#giveBack(entry);
  }
}

function lineOf(number: number, { level, message, fields, at }: LogEntry): string {
  const known = { number, level, message, pid: process.pid, time: at.getTime() / 1000 };
  try {
    return `${JSON.stringify({ ...known, fields })}\n`;
  } catch {
    // A field is no JSON. The message matters more.
    return `${JSON.stringify(known)}\n`;
  }
}
