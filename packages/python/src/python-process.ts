import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@gunicorn-ts/interface';
import type { ChildLanes } from './child-lanes.ts';
import { ControlLane, type FirstWord } from './control-lane.ts';
import { interpreterNotFound } from './errors.ts';
import type { Interpreter } from './interpreter.ts';
import { openStacksFile } from './stacks-file.ts';

/** The program that Python runs, a file of this package. */
export const PROGRAM: string = fileURLToPath(new URL('../child/gunicorn_child.py', import.meta.url));

/** Output is not held back, and a crash leaves a traceback. */
export const PYTHON_FLAGS: readonly string[] = ['-u', '-X', 'faulthandler'];

/** Its options are passed here, as JSON. */
export const OPTIONS_VARIABLE = 'GUNICORN_TS_CHILD';

export const CONTROL_FD = 3;
const STACKS_FD = 4;
const FIRST_LANE_FD = 5;

/** What the program is told, beside its descriptors; see PROTOCOL.md. */
export interface ProgramOptions {
  readonly target: string;
  readonly mode: 'sync' | 'threads' | 'gevent';
  readonly [option: string]: unknown;
}

/** How the process came to its end, in words: `exited with code 3`, `was killed by SIGSEGV`. */
export type ProcessEnd = string;

/** The Python process of a worker, as the loader deals with it. */
export interface PythonService {
  readonly firstWord: Promise<FirstWord>;
  readonly ended: Promise<ProcessEnd>;
  /** See `ApplicationProcess`. */
  readonly stacksFd: number;
  /** The worker was told to leave at once: the hook `worker_int` is called. */
  interrupt(): void;
  leave(): Promise<void>;
  /** Ends it without waiting for its requests, as the interpreter ends. */
  end(): Promise<unknown>;
  /** Ends it at once. */
  kill(): void;
}

/** The Python process that a worker started. Lives in the worker process, and does not outlive it. */
export class PythonProcess implements PythonService {
  readonly firstWord: Promise<FirstWord>;
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #lanes: ChildLanes;
  readonly #control: ControlLane;
  readonly stacksFd: number = openStacksFile();

  constructor(interpreter: Interpreter, options: ProgramOptions, parts: ProcessParts) {
    const { lanes, log, onFiles } = parts;
    this.#lanes = lanes;
    const stdio = lanes.create();
    const descriptors = {
      control: CONTROL_FD,
      stacks: STACKS_FD,
      lanes: stdio.map((_, index) => FIRST_LANE_FD + index),
    };
    this.#child = spawn(interpreter.command, [...PYTHON_FLAGS, PROGRAM], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe', this.stacksFd, ...stdio],
      env: { ...process.env, [OPTIONS_VARIABLE]: JSON.stringify({ ...options, ...descriptors }) },
    });
    const notStarted = new Promise<never>((_, reject) => {
      this.#child.once('error', (error) => reject(interpreterNotFound(interpreter, error)));
    });
    // Seen through `firstWord`; afterwards there is no such failure.
    notStarted.catch(() => undefined);
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(describeEnd(code, signal)));
    });
    const sockets = this.#child.stdio as unknown as readonly (Socket | null | undefined)[];
    lanes.started(sockets.slice(FIRST_LANE_FD));
    const control = new ControlLane(sockets[CONTROL_FD], { log, onFiles });
    this.firstWord = Promise.race([control.firstWord, notStarted]);
    this.#control = control;
  }

  /** Lets it end by itself, which it does when its lanes are closed. */
  interrupt(): void {
    this.#control.interrupt();
  }

  end(): Promise<unknown> {
    this.#control.end();
    return this.ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async leave(): Promise<void> {
    this.#lanes.close();
    await this.ended;
    closeSync(this.stacksFd);
  }
}

/** What a process is given by the worker. */
export interface ProcessParts {
  readonly lanes: ChildLanes;
  readonly log: Logger;
  /** Modules were imported from these files. */
  onFiles(files: readonly string[]): void;
}

export function describeEnd(code: number | null, signal: NodeJS.Signals | null): ProcessEnd {
  return signal === null ? `exited with code ${code}` : `was killed by ${signal}`;
}
