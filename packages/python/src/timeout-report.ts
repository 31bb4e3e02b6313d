import type { Logger } from '@gunicorn-ts/interface';
import type { ControlLane } from './control-lane.ts';
import { section } from './report-section.ts';
import type { RunningRequests } from './running-requests.ts';
import { readStacks } from './stacks-file.ts';

/** How much later than the request the report may come, in milliseconds. */
const LOOK_EVERY_MS = 250;

/** The process that has the requests. */
interface Reported {
  readonly python: { readonly control: Pick<ControlLane, 'askForTasks'>; readonly stacksFd: number };
  readonly pid: number;
  readonly log: Logger;
}

/** Says where the application stands when a request has taken longer than `requestTimeout`: its client has a 504, and the code goes on. */
export function reportTimeouts(
  running: Pick<RunningRequests, 'describe' | 'isOverdue'>,
  requestTimeout: number,
  { python, pid, log }: Reported,
): NodeJS.Timeout | undefined {
  if (requestTimeout === 0) return undefined;
  return setInterval(() => {
    if (!running.isOverdue(requestTimeout * 1000)) return;
    const requests = running.describe();
    const reading = readStacks(pid, python.stacksFd, () => python.control.askForTasks());
    void reading.then((stacks = 'it does not say where it stands') =>
      log.error(
        [
          `The Python process (pid: ${pid}) has a request for longer than ${requestTimeout} s (requestTimeout)`,
          ...section('in flight:', requests),
          ...section('the application process:', stacks.split('\n')),
        ].join('\n'),
      ),
    );
  }, LOOK_EVERY_MS).unref();
}
