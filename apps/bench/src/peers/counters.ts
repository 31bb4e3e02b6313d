import type { Peer } from '../peer.ts';
import { event, eventFetch, eventWsgi } from './event.ts';
import { changed, type Pair } from './pair.ts';
import { sync, syncFetch, syncNode } from './sync.ts';

/** The counters are on unless somebody turns them off. */
function pair(withIt: Peer): Pair {
  const without = changed(withIt, {
    suffix: 'uncounted',
    words: 'without metrics',
    flags: () => ['--no-metrics'],
  });
  return { without, withIt };
}

/** Connections are kept. */
export const EVENT_COUNTERS: readonly Pair[] = [event, eventFetch, eventWsgi].map(pair);
/** A connection for each request. */
export const SYNC_COUNTERS: readonly Pair[] = [sync, syncFetch, syncNode].map(pair);

export const UNCOUNTED_PEERS: readonly Peer[] = [...EVENT_COUNTERS, ...SYNC_COUNTERS].map(
  ({ without }) => without,
);
