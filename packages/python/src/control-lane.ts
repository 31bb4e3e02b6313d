import type { Socket } from 'node:net';
import type { Logger, LogLevel } from '@gunicorn-ts/interface';
import { StrayFrameError } from './errors.ts';
import { frame, FrameReader, NO_REQUEST } from './frame.ts';
import { logLine } from './log-line.ts';

/** Why there is no application, as the Python process says it. */
export interface LoadFailure {
  readonly kind: 'import-error' | 'missing-module' | 'missing-attribute' | 'not-callable' | 'missing-package';
  readonly message: string;
  readonly traceback: string;
  readonly searched: readonly string[];
  readonly files?: readonly string[];
}

/** The first thing that the process says, or that it ended without a word. */
export type FirstWord =
  | ({ readonly kind: 'ready' } & Ready)
  | { readonly kind: 'failed'; readonly failure: LoadFailure }
  | { readonly kind: 'silent' };

/** What is done with further words. */
export interface ControlListener {
  readonly log: Logger;
  onFiles(files: readonly string[]): void;
  /** What came is no word of ours. The lane is closed, and a process that does not listen yet is to be killed. */
  onStray(): void;
  /** Whether Python's loggers want records of the access log from now on. */
  onAccessAsked?(asked: boolean): void;
  /** The loop of an ASGI application turns, or the hub of greenlets. */
  onPong?(): void;
}

/** Where the Python process tells of itself. It ends when this lane is closed. */
export class ControlLane {
  readonly firstWord: Promise<FirstWord>;
  readonly closed: Promise<void>;
  readonly #socket: Socket | null | undefined;

  constructor(socket: Socket | null | undefined, listener: ControlListener) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket?.on('close', () => resolve()));
    this.firstWord = new Promise((resolve) => {
      const reader = new FrameReader((type, payload) => {
        if (type === 'L') logLine(listener.log, payload);
        else if (type === 'M') listener.onFiles(filesOf(parse(payload)));
        else if (type === 'G') listener.onAccessAsked?.(parse(payload)['asked'] === true);
        else if (type === 'p') listener.onPong?.();
        else if (type === 'K') resolve({ kind: 'ready', ...readyOf(parse(payload)) });
        else if (type === 'F') resolve({ kind: 'failed', failure: parse(payload) as unknown as LoadFailure });
      });
      socket?.on('data', (chunk: Buffer) => {
        // Thrown from here it would end the worker; in the arbiter it would come again with each chunk.
        try {
          reader.push(chunk);
        } catch (error) {
          socket.destroy();
          listener.log.error(describeStray(error));
          listener.onStray();
        }
      });
      socket?.on('error', () => undefined);
      socket?.on('close', () => resolve({ kind: 'silent' }));
    });
  }

  /** Has the hook `worker_int` called. Written at once: the worker is about to exit. */
  interrupt(): void {
    this.#socket?.write(frame('I', NO_REQUEST));
  }

  /** Asks the loop of an ASGI application, or the hub of greenlets, for a sign of life. */
  ping(): void {
    this.#socket?.write(frame('P', NO_REQUEST));
  }

  /** Has a thread of the process write what its tasks wait for, where the stacks go. */
  askForTasks(): void {
    this.#socket?.write(frame('S', NO_REQUEST));
  }

  /** A request that the process did not see the end of, for the access log. False when nobody is there. */
  tell(record: Readonly<Record<string, unknown>>): boolean {
    if (this.#socket?.writable !== true) return false;
    this.#socket.write(frame('G', NO_REQUEST, Buffer.from(JSON.stringify(record))));
    return true;
  }

  /** Log files were renamed. */
  reopenLogs(): void {
    this.#socket?.write(frame('O', NO_REQUEST));
  }

  /** From now on its `gunicorn.error` has this level. */
  setLogLevel(level: LogLevel): void {
    this.#socket?.write(frame('V', NO_REQUEST, Buffer.from(JSON.stringify({ level }))));
  }

  /** Has the process end at once, as its interpreter ends. */
  end(): void {
    this.#socket?.write(frame('N', NO_REQUEST));
  }
}

/** An application that is loaded. */
export interface Ready {
  readonly pid: number;
  readonly python: string;
  readonly files: readonly string[];
  /** Whether the settings ask for an access log that Python's loggers may write, and whether somebody wants it there. */
  readonly access: { readonly enabled: boolean; readonly asked: boolean };
}

function describeStray(error: unknown): string {
  const found = error instanceof StrayFrameError ? error.found : 'what is no message of its program';
  return `The Python process sent ${found}, where it tells of itself: it is ended; look for code that writes to file descriptors it did not open`;
}

function parse(payload: Buffer): Readonly<Record<string, unknown>> {
  const value = JSON.parse(payload.toString('utf8')) as unknown;
  if (typeof value !== 'object' || value === null) throw new StrayFrameError('a message without a value');
  return value as Readonly<Record<string, unknown>>;
}

function filesOf({ files }: Readonly<Record<string, unknown>>): readonly string[] {
  if (!Array.isArray(files)) throw new StrayFrameError('a message without its files');
  return files.filter((file) => typeof file === 'string');
}

function readyOf(said: Readonly<Record<string, unknown>>): Ready {
  const access = (said['access'] ?? {}) as Readonly<Record<string, unknown>>;
  return {
    pid: Number(said['pid']),
    python: String(said['python']),
    files: filesOf(said),
    access: { enabled: access['enabled'] === true, asked: access['asked'] === true },
  };
}
