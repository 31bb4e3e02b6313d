import type { ExitCause, LifecycleMoment } from '@gunicorn-ts/interface';
import type { ServerEvent } from './snapshot.ts';

/** Events that are kept; older ones are in the error log. */
const MOST_EVENTS = 50;
const LONGEST_TEXT = 300;

const ENDS: Readonly<Record<ExitCause, string>> = {
  asked: 'has left',
  requests: 'has left after its last request (maxRequests)',
  lifetime: 'has left at its age (workerLifetime)',
  memory: 'has left for its memory (maxWorkerMemory)',
  timeout: 'hung, and was killed (timeout)',
  boot: 'could not start',
  oom: 'was killed by the kernel: out of memory',
  killed: 'was killed by the arbiter',
  signal: 'was killed by a signal',
  crash: 'has ended by itself',
};

/** The last things that happened, for people. */
export class EventLog {
  readonly #events: ServerEvent[] = [];

  tell(moment: LifecycleMoment): void {
    const said = describe(moment);
    if (said === undefined) return;
    const [told, isTrouble] = said;
    const text = withHeadline(told);
    const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
    this.#events.push({ at: Date.now(), text: shown, isTrouble });
    if (this.#events.length > MOST_EVENTS) this.#events.shift();
  }

  /** Oldest first. */
  list(): readonly ServerEvent[] {
    return [...this.#events];
  }
}

/** What ended by itself has mostly said why. */
function endOf({ cause, reason }: Extract<LifecycleMoment, { moment: 'worker-ended' }>): string {
  if (reason === undefined || (cause !== 'crash' && cause !== 'boot')) return ENDS[cause];
  return `${cause === 'boot' ? ENDS.boot : 'has ended'}: ${reason}`;
}

/** Of many views the first line is all that is seen: what it ends in a colon for belongs to it. */
function withHeadline(text: string): string {
  return text.replace(/^([^\n]*:)\n\s*/, '$1 ');
}

type Said = readonly [text: string, isTrouble: boolean];

function describe(moment: LifecycleMoment): Said | undefined {
  switch (moment.moment) {
    case 'listening':
      return [`Listening at ${moment.urls.join(', ')}`, false];
    case 'ready':
      return ['All workers are ready', false];
    case 'reloading':
      return ['Reload', false];
    case 'reloaded':
      return moment.error === undefined
        ? ['The new settings are in force', false]
        : [`Reload refused: ${moment.error}`, true];
    case 'worker-hung':
      return [`Worker ${moment.slot} (pid ${moment.pid}) hangs`, true];
    case 'worker-ended':
      return [
        `Worker ${moment.slot} (pid ${moment.pid}) ${endOf(moment)}`,
        !['asked', 'requests', 'lifetime', 'memory'].includes(moment.cause),
      ];
    case 'withdrawing':
      return [
        `${moment.seconds === undefined ? 'Drained' : `Stop in ${moment.seconds} s`}: not ready any more, and serving on`,
        false,
      ];
    case 'resumed':
      return ['Ready again', false];
    case 'stopping':
      return [moment.successor === undefined ? 'Stop' : `Process ${moment.successor} takes over`, false];
    case 'promoted':
      return ['This arbiter has taken over', false];
    default:
      return undefined;
  }
}
