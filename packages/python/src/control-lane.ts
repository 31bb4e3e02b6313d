import type { Socket } from 'node:net';
import type { Logger } from '@gunicorn-ts/interface';
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
        else if (type === 'M') listener.onFiles((parse(payload) as { files: readonly string[] }).files);
        else if (type === 'K') resolve({ kind: 'ready', ...(parse(payload) as Ready) });
        else if (type === 'F') resolve({ kind: 'failed', failure: parse(payload) as LoadFailure });
      });
      socket?.on('data', (chunk: Buffer) => reader.push(chunk));
      socket?.on('error', () => undefined);
      socket?.on('close', () => resolve({ kind: 'silent' }));
    });
  }

  /** Has the hook `worker_int` called. Written at once: the worker is about to exit. */
  interrupt(): void {
    this.#socket?.write(frame('I', NO_REQUEST));
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
}

function parse(payload: Buffer): unknown {
  return JSON.parse(payload.toString('utf8'));
}
