import type { LifecycleMoment } from '@gunicorn-ts/interface';
import test from 'ava';
import { EventLog } from '../../src/event-log.ts';

type Ended = Extract<LifecycleMoment, { moment: 'worker-ended' }>;

const cases: readonly (readonly [title: string, end: Partial<Ended>, text: string])[] = [
  [
    'a worker that said why it ends',
    { cause: 'crash', reason: 'Uncaught exception' },
    'has ended: Uncaught exception',
  ],
  ['a worker that said nothing', { cause: 'crash' }, 'has ended by itself'],
  [
    'a worker that could not start',
    { cause: 'boot', reason: 'no module shop' },
    'could not start: no module shop',
  ],
  [
    'a worker that said it below a colon',
    { cause: 'boot', reason: 'the application threw while the worker was booting:\nTypeError: no\n    at x' },
    'could not start: the application threw while the worker was booting: TypeError: no\n    at x',
  ],
  ['a worker that was told to leave', { cause: 'asked', reason: 'whatever' }, 'has left'],
];

for (const [title, end, text] of cases) {
  test(`the end of ${title}, in words`, (t) => {
    const log = new EventLog();
    log.tell({ moment: 'worker-ended', age: 1, slot: 2, pid: 9, cause: 'crash', ...end });
    t.is(log.list()[0]?.text, `Worker 2 (pid 9) ${text}`);
  });
}
