import { randomUUID } from 'node:crypto';
import { closeSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { connectUnix } from '@gunicorn-ts/posix';
import { ControlLane, type FirstWord } from './control-lane.ts';
import type { ChildLanes } from './child-lanes.ts';
import type { ProcessEnd, ProcessParts, PythonService } from './python-process.ts';
import { hide, type NamedStacksFile, openNamedStacksFile } from './stacks-file.ts';

/** The Python process of a worker, forked from the one that has loaded the application. Lives in the worker process. */
export class ForkedProcess implements PythonService {
  readonly firstWord: Promise<FirstWord>;
  readonly ended: Promise<ProcessEnd>;
  readonly #lanes: ChildLanes;
  readonly #control: ControlLane;
  readonly #stacks: NamedStacksFile = openNamedStacksFile();
  #pid = 0;
  #isGone = false;

  /**
   * @param nursery path of the unix socket of the process to fork from
   * @throws {PosixError} when there is no such process any more
   */
  constructor(nursery: string, options: Readonly<Record<string, unknown>>, parts: ProcessParts) {
    const { lanes } = parts;
    this.#lanes = lanes;
    let control: number;
    try {
      control = this.#connect(nursery, options);
    } catch (error) {
      hide(this.#stacks);
      throw error;
    }
    const socket = new Socket({ fd: control, readable: true, writable: true });
    const lane = new ControlLane(socket, parts);
    this.#control = lane;
    // Its status goes to the process that it was forked from, which has nobody to tell.
    this.ended = lane.closed.then(() => {
      this.#isGone = true;
      return 'ended';
    });
    this.firstWord = lane.firstWord.finally(() => hide(this.#stacks));
    void this.firstWord.then((word) => {
      if (word.kind === 'ready') this.#pid = word.pid;
    });
  }

  get stacksFd(): number {
    return this.#stacks.fd;
  }

  #connect(nursery: string, options: Readonly<Record<string, unknown>>): number {
    const lanes = this.#lanes;
    const token = randomUUID();
    const control = connectUnix(nursery);
    const own = { ...options, lanes: lanes.count, stacks: this.#stacks.path };
    writeSync(control, `${token} control\n${JSON.stringify(own)}\n`);
    lanes.connected(
      Array.from({ length: lanes.count }, () => {
        const lane = connectUnix(nursery);
        writeSync(lane, `${token} lane\n`);
        return lane;
      }),
    );
    return control;
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
    if (!this.#isGone && this.#pid > 0) process.kill(this.#pid, 'SIGKILL');
  }

  async leave(): Promise<void> {
    this.#lanes.close();
    await this.ended;
    closeSync(this.#stacks.fd);
  }
}
