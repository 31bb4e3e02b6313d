import type { Problem, Settings } from '@gunicorn-ts/interface';
import type { GroupLimits } from '@gunicorn-ts/posix';

const MB = 2 ** 20;
/** What the arbiter takes, in MB. */
const ARBITER = 64;
/** What a worker takes at the least, where `maxWorkerMemory` does not say what it may; in MB. */
const LEAST_WORKER = 64;

/**
 * More workers than the control groups that the server runs in have room for: as it is where workers were counted by the
 * cores of the machine, and the container has a few of them. Pure.
 */
export function findCrowding(settings: Readonly<Settings>, limits: GroupLimits): Problem[] {
  return [...tooFewCores(settings, limits), ...tooLittleMemory(settings, limits)];
}

function tooFewCores({ workers }: Readonly<Settings>, { cores }: GroupLimits): Problem[] {
  if (cores === undefined) return [];
  // Gunicorn's own advice, at which one may stop, since workers also wait.
  const most = 2 * Math.max(1, Math.ceil(cores.value)) + 1;
  if (workers <= most) return [];
  const message = `is ${workers}, and the control group has the time of ${Number(cores.value.toFixed(2))} cores (${cores.file})`;
  return [{ setting: 'workers', message, cure: `write 'auto', or ${most} at the most` }];
}

function tooLittleMemory(
  { workers, maxWorkerMemory }: Readonly<Settings>,
  { memory }: GroupLimits,
): Problem[] {
  if (memory === undefined) return [];
  const limit = Math.floor(memory.value / MB);
  const perWorker = maxWorkerMemory > 0 ? Math.ceil(maxWorkerMemory / MB) : LEAST_WORKER;
  const needed = ARBITER + workers * perWorker;
  if (needed <= limit) return [];
  const fits = Math.max(1, Math.floor((limit - ARBITER) / perWorker));
  const raise = `give the group ${needed} MB`;
  const found = `the control group has ${limit} MB (${memory.file})`;
  if (maxWorkerMemory === 0) {
    const message = `is ${workers}, which take ${needed} MB at the least with the arbiter, and ${found}: the kernel would kill some`;
    return [{ setting: 'workers', message, cure: workers > fits ? `write ${fits}, or ${raise}` : raise }];
  }
  const share = Math.floor((limit - ARBITER) / workers);
  const message = `is ${perWorker} MB, with ${workers} of them and the arbiter ${needed} MB, and ${found}: the kernel would kill a worker before it is replaced`;
  const cures = [
    share >= LEAST_WORKER && `write '${share}mb'`,
    workers > fits && `write workers: ${fits}`,
    raise,
  ].filter((cure) => cure !== false);
  return [{ setting: 'maxWorkerMemory', message, cure: cures.join(', or ') }];
}
