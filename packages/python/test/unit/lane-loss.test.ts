import type { Logger } from '@gunicorn-ts/interface';
import test from 'ava';
import { ChildGoneError, StrayFrameError } from '../../src/errors.ts';
import { type OnLoss, watchLosses } from '../../src/lane-loss.ts';

function make(isLeaving = false): {
  readonly onLoss: OnLoss;
  readonly said: string[];
  end(reason: string): void;
} {
  const said: string[] = [];
  let end!: (reason: string) => void;
  const ended = new Promise<string>((resolve) => (end = resolve));
  const kill = (): void => {
    said.push('killed');
    end('was killed by SIGKILL');
  };
  const onLoss = watchLosses({
    python: { ended, kill },
    pid: 7,
    log: { error: (text: string) => said.push(text) } as unknown as Logger,
    giveUp: (reason) => said.push(`gave up: ${reason}`),
    isLeaving: () => isLeaving,
  });
  return { onLoss, said, end };
}

test('a process that ended is given up once, however many lanes tell of it', async (t) => {
  const { onLoss, said, end } = make();
  const waiting = [onLoss(new ChildGoneError(undefined)), onLoss(new ChildGoneError(undefined))];
  end('exited with code 7');
  await Promise.all(waiting);
  t.deepEqual(said, ['gave up: The Python process (pid: 7) exited with code 7']);
});

test('a process that closed a lane and lives is given up, too', async (t) => {
  const { onLoss, said } = make();
  await onLoss(new ChildGoneError(undefined));
  t.deepEqual(said, ['gave up: The Python process (pid: 7) closed its end of a lane, and lives']);
});

test('a request that the worker had in hand when it gave up does not wait anew', async (t) => {
  const { onLoss } = make();
  await onLoss(new ChildGoneError(undefined));
  const late = await Promise.race([
    onLoss(new ChildGoneError(undefined)).then(() => 'refused'),
    new Promise((resolve) => setImmediate(resolve, 'waiting')),
  ]);
  t.is(late, 'refused');
});

test('a process that sent what is no frame of its request is killed once, and the log says what came', async (t) => {
  const { onLoss, said } = make();
  const stray = new StrayFrameError('a frame "D" of request 3 while the lane had no request');
  await Promise.all([onLoss(stray), onLoss(stray)]);
  t.is(said.length, 3);
  t.regex(said[0]!, /^The Python process \(pid: 7\) sent a frame "D" of request 3 .*os\.fork$/);
  t.deepEqual(said.slice(1), ['killed', 'gave up: The Python process (pid: 7) was killed by SIGKILL']);
});

test('lanes that the worker closes itself are nobody’s loss', async (t) => {
  const { onLoss, said } = make(true);
  await onLoss(new ChildGoneError(undefined));
  await onLoss(new StrayFrameError('anything'));
  t.deepEqual(said, []);
});
