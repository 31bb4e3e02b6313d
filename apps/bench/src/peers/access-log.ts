import { join } from 'node:path';
import type { Peer } from '../peer.ts';
import { event, eventFetch, eventWsgi } from './event.ts';
import { changed, type Pair } from './pair.ts';
import { sync, syncFetch, syncNode } from './sync.ts';

/** With a line in a file for each request. */
function pair(without: Peer): Pair {
  const withIt = changed(without, {
    suffix: 'log',
    words: 'access log',
    flags: ({ folder }) => [`--access-logfile=${join(folder, 'access.log')}`],
  });
  return { without, withIt };
}

/** Connections are kept. */
export const EVENT_LOGS: readonly Pair[] = [event, eventFetch, eventWsgi].map(pair);
/** A connection for each request. */
export const SYNC_LOGS: readonly Pair[] = [sync, syncFetch, syncNode].map(pair);

export const LOG_PEERS: readonly Peer[] = [...EVENT_LOGS, ...SYNC_LOGS].map(({ withIt }) => withIt);
