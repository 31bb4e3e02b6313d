/** Far more than a line has. */
const MOST_HELD = 1024;

/** What the arbiter says to a watchdog: it wants an autopsy of this number, or is about to kill the process. */
export type Question = { readonly asked: number } | 'dying';

/** Reads what the arbiter says, a line each. */
export class Questions {
  #held = '';

  /** What ends in that which has arrived. */
  in(chunk: Buffer): readonly Question[] {
    const lines = (this.#held + chunk.toString('latin1')).split('\n');
    this.#held = (lines.pop() ?? '').slice(0, MOST_HELD);
    return lines.flatMap((line) => {
      if (line === '{"dying":true}') return 'dying';
      const asked = Number(/^\{"asked":(\d+)\}$/.exec(line)?.[1] ?? 0);
      return asked === 0 ? [] : { asked };
    });
  }
}
