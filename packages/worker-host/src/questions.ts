/** Far more than a question has. */
const MOST_HELD = 1024;

/** Reads questions of the arbiter: each is a line with its number. */
export class Questions {
  #held = '';

  /** The numbers of those that end in what has arrived. */
  in(chunk: Buffer): readonly number[] {
    const lines = (this.#held + chunk.toString('latin1')).split('\n');
    this.#held = (lines.pop() ?? '').slice(0, MOST_HELD);
    return lines.flatMap((line) => Number(/^\{"asked":(\d+)\}$/.exec(line)?.[1] ?? 0) || []);
  }
}
