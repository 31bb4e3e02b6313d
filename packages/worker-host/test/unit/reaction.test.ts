import { WORKER_SIGNALS, type WorkerSignal } from '@gunicorn-ts/interface';
import test from 'ava';
import { reactionTo, type Stage } from '../../src/reaction.ts';

const cases: readonly [WorkerSignal, Stage, ReturnType<typeof reactionTo>][] = [
  ['SIGTERM', 'booting', 'leave'],
  ['SIGTERM', 'serving', 'drain'],
  ['SIGTERM', 'draining', 'ignore'],
  ['SIGTERM', 'leaving', 'ignore'],
  ['SIGINT', 'booting', 'quit'],
  ['SIGINT', 'serving', 'quit'],
  ['SIGQUIT', 'draining', 'quit'],
  ['SIGQUIT', 'leaving', 'ignore'],
  ['SIGABRT', 'serving', 'abort'],
  ['SIGABRT', 'draining', 'abort'],
  ['SIGUSR1', 'draining', 'reopen-logs'],
];
for (const [signal, stage, reaction] of cases) {
  test(`${signal} while ${stage} means ${reaction}`, (t) => {
    t.is(reactionTo(signal, stage), reaction);
  });
}

test('every signal that the table calls ignored is ignored at every stage', (t) => {
  const stages: readonly Stage[] = ['booting', 'serving', 'draining', 'leaving'];
  for (const [signal, meaning] of Object.entries(WORKER_SIGNALS)) {
    if (!meaning.startsWith('ignored')) continue;
    for (const stage of stages) t.is(reactionTo(signal as WorkerSignal, stage), 'ignore');
  }
});
