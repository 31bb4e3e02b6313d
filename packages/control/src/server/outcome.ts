import type { ControlRequest, LifecycleMoment } from '@gunicorn-ts/interface';
import type { WorkerCounts } from '@gunicorn-ts/interface';
import type { Chronicle } from './chronicle.ts';

/** What is known of something that was asked for, at a moment. */
export type Finding =
  | { readonly state: 'done'; readonly data: Readonly<Record<string, unknown>> }
  | { readonly state: 'failed'; readonly reason: string }
  /** It goes on; `progress` is for people. */
  | { readonly state: 'goes-on'; readonly progress?: string };

/** Looks at each moment, until the outcome is known. */
export type Follow = (moment: LifecycleMoment) => Finding;

const GOES_ON: Finding = { state: 'goes-on' };
const STOPS: Finding = { state: 'failed', reason: 'the server stops' };

function done(data: Readonly<Record<string, unknown>>): Finding {
  return { state: 'done', data };
}

function progress(text: string): Finding {
  return { state: 'goes-on', progress: text };
}

/** A reload is `accepted` when its first worker serves, and through when the last old one is gone. */
export function followReload(chronicle: Chronicle, until: 'accepted' | 'complete'): Follow {
  let isAccepted = false;
  return (moment) => {
    switch (moment.moment) {
      case 'reloading':
        // Another one was asked for, and takes over.
        isAccepted = false;
        return progress('loading settings and application');
      case 'reloaded': {
        if (moment.error !== undefined) return { state: 'failed', reason: moment.error };
        isAccepted = true;
        const generation = chronicle.arbiter?.generation ?? 0;
        if (until === 'accepted') return done({ generation });
        return progress(`generation ${generation} serves, and takes the place of older workers`);
      }
      case 'renewed':
        if (!isAccepted) return GOES_ON;
        return done({ generation: moment.generation, workers: chronicle.counts.ready });
      case 'counts':
        return isAccepted ? progress(renewal(chronicle)) : GOES_ON;
      case 'stopping':
        return STOPS;
      default:
        return GOES_ON;
    }
  };
}

function renewal({ arbiter, counts }: Chronicle): string {
  const renewed = arbiter?.workers().filter((one) => one.generation === arbiter.generation) ?? [];
  const ready = renewed.filter(({ phase }) => phase === 'ready').length;
  return `${ready} of ${counts.target} workers are new, ${counts.draining} to finish`;
}

/** Until so many serve, and none is about to come or to go; or one that was started for it does not boot. */
export function followScale(chronicle: Chronicle, wanted: number): Follow {
  const whatFails = followBoots();
  return (told) => {
    const { moment, ...rest } = told;
    if (moment === 'stopping') return STOPS;
    const failure = whatFails(told);
    if (failure !== undefined) {
      const { ready, target } = chronicle.counts;
      return { state: 'failed', reason: `${failure}; ${ready} of ${target} serve, and it is tried again` };
    }
    if (moment !== 'counts' && moment !== 'tick') return GOES_ON;
    const { counts } = rest as { counts: WorkerCounts };
    if (counts.target !== wanted)
      return { state: 'failed', reason: `somebody else has asked for ${counts.target} workers since` };
    const hung = chronicle.arbiter?.workers().some((one) => one.hung) === true;
    if (counts.ready === wanted && counts.booting === 0 && counts.draining === 0 && !hung)
      return done({ workers: wanted });
    return moment === 'counts' ? progress(describeCounts(counts)) : GOES_ON;
  };
}

/** Says of a worker that was started since that it ended before it served. */
function followBoots(): (moment: LifecycleMoment) => string | undefined {
  const booting = new Set<number>();
  return (told) => {
    if (told.moment === 'worker-started') booting.add(told.age);
    if (told.moment === 'worker-ready') booting.delete(told.age);
    if (told.moment !== 'worker-ended' || !booting.delete(told.age)) return undefined;
    return `a worker (pid ${told.pid}) ended before it was ready, gunicorn logs says why`;
  };
}

function describeCounts({ target, ready, booting, draining }: WorkerCounts): string {
  return `${ready} of ${target} ready, ${booting} booting, ${draining} to finish`;
}

/** Until the worker is gone, or the one that is to take its place does not boot. */
export function followReplacement(chronicle: Chronicle, age: number): Follow {
  const find = (): { slot: number; phase: string } | undefined =>
    chronicle.arbiter?.workers().find((one) => one.age === age);
  const slot = find()?.slot ?? 0;
  const whatFails = followBoots();
  return (told) => {
    const { moment } = told;
    if (moment === 'stopping') return STOPS;
    const failure = whatFails(told);
    if (failure !== undefined && find()?.phase === 'ready')
      return { state: 'failed', reason: `${failure}; the old one serves on, and it is tried again` };
    if (moment !== 'counts' && moment !== 'tick') return GOES_ON;
    const worker = find();
    const heir = chronicle.arbiter?.workers().findLast((one) => one.slot === slot && one.age > age);
    if (worker === undefined) return done({ slot, ...(heir !== undefined && { pid: heir.pid }) });
    if (moment === 'tick') return GOES_ON;
    return progress(
      worker.phase === 'draining'
        ? `worker ${heir?.pid ?? ''} serves, the old one finishes what it has`.replace('  ', ' ')
        : 'another worker starts in its place',
    );
  };
}

/** Until the last moment. */
export function followStop(): Follow {
  return (moment) => {
    if (moment.moment === 'stopped') return done({ exitCode: moment.exitCode });
    if (moment.moment !== 'counts') return GOES_ON;
    const { booting, ready, draining } = moment.counts;
    const left = booting + ready + draining;
    return progress(
      left === 0 ? 'all workers have left' : `${left} ${left === 1 ? 'worker' : 'workers'} to finish`,
    );
  };
}

/** Until the second arbiter runs, which says the rest itself. */
export function followUpgrade(): Follow {
  return (moment) => {
    if (moment.moment === 'upgrading') return done({ pid: moment.pid });
    if (moment.moment === 'upgrade-failed') return { state: 'failed', reason: moment.error };
    return moment.moment === 'stopping' ? STOPS : GOES_ON;
  };
}

/** A command whose outcome is waited for. */
export interface Undertaking {
  readonly request: ControlRequest;
  readonly follow: Follow;
}
