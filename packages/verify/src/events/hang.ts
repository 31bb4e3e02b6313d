import { servingWorkers, settingOf } from '../copy/command.ts';
import { done, type Make, wrong } from './event.ts';
import { isGone, isReplaced, SUCCESSOR_MS } from './successor.ts';

/**
 * A worker that is stopped says nothing any more, as one that hangs: it must be noticed after `timeout`, killed and
 * replaced, while the others serve.
 */
export const hang: Make = async ({ server, ledger, random }) => {
  const timeout = await settingOf(server, 'timeout', 30);
  if (timeout === 0) return done('not tried: timeout is 0, so nobody watches');
  const before = await servingWorkers(server);
  const { pid } = random.pick(before);
  const killedAt = ledger.now();
  process.kill(pid, 'SIGSTOP');
  const limitMs = timeout * 1000 + SUCCESSOR_MS;
  const went = await isReplaced(server, { pid, count: before.length, limitMs });
  // Its successor may serve before it is killed: what it had is lost then, and not in the next event.
  await isGone(pid, limitMs - (ledger.now() - killedAt));
  const heldUntil = ledger.now();
  const took = `${((heldUntil - killedAt) / 1000).toFixed(1)} s`;
  if (!went)
    return { ...wrong(`worker ${pid} hung, and was not replaced within ${took}`), killedAt, heldUntil };
  return { ...done(`worker ${pid} hung, replaced after ${took} of ${timeout} s`), killedAt, heldUntil };
};
