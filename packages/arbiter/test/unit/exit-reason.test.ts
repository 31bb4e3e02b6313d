import test from 'ava';
import { describeExit } from '../../src/exit-reason.ts';

const worker = { pid: 7, killedFor: undefined, drainingSince: undefined };
const exit = { code: null, signal: null, outOfMemory: false };

const cases = [
  ['an exit code', worker, { ...exit, code: 9 }, 'error', /exited with code 9\.$/],
  ['the code of a boot failure', worker, { ...exit, code: 3 }, 'error', /threw while it was loading/],
  ['an exit by the application', worker, { ...exit, code: 0 }, 'warning', /process\.exit\(\)/],
  ['a segmentation fault', worker, { ...exit, signal: 'SIGSEGV' }, 'warning', /was sent SIGSEGV!/],
  ["V8's heap limit", worker, { ...exit, signal: 'SIGABRT' }, 'error', /heap limit/],
  [
    'the kernel out of memory',
    worker,
    { ...exit, signal: 'SIGKILL', outOfMemory: true },
    'error',
    /out of memory/,
  ],
  ["somebody else's KILL", worker, { ...exit, signal: 'SIGKILL' }, 'error', /not for lack of memory/],
  [
    'our own KILL',
    { ...worker, killedFor: 'it hung' },
    { ...exit, signal: 'SIGKILL' },
    'error',
    /by the arbiter: it hung/,
  ],
  [
    'a process that did not start',
    worker,
    { ...exit, spawnError: 'EAGAIN' },
    'error',
    /could not be started: EAGAIN/,
  ],
] as const;

for (const [title, who, how, level, message] of cases) {
  test(`the log names ${title}`, (t) => {
    const description = describeExit(who, how);
    t.is(description.level, level);
    t.regex(description.message, message);
  });
}
