import { isatty, type ReadStream, type WriteStream } from 'node:tty';
import { printJson, printLines } from '../output.ts';
import { LiveTop, takeSnapshot, viewOf } from '../top/live.ts';
import { screenLines } from '../top/screen.ts';
import type { Verb } from '../verb.ts';

const NARROWEST = 80;

/** `gunicorn top`. */
export const top: Verb = {
  options: [{ name: 'once', describe: 'Print it once, as where there is no terminal' }],
  more: 'docs/top.md explains each number beside those of top. Keys: s b c m r a sort by slot, busy, cpu, memory, requests and age; w shows all processes; l what happened last; k where a worker hangs; R + - reload and scale; p pauses; q quits.',
  exits: { 0: 'it was shown' },
  async run({ isJson, options }, context) {
    const { io, env } = context;
    if (isJson) {
      printJson(io, await takeSnapshot(context));
      return 0;
    }
    if (options['once'] !== true && isatty(0) && isatty(1))
      return new LiveTop(context, process.stdin as ReadStream, process.stdout as WriteStream).run();
    const width = Math.max(NARROWEST, Number(env['COLUMNS']) || NARROWEST);
    const view = viewOf(env, { width, height: Number.POSITIVE_INFINITY });
    printLines(
      io,
      screenLines(await takeSnapshot(context), view).map((line) => line.trimEnd()),
    );
    return 0;
  },
};
