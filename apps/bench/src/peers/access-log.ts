import { join } from 'node:path';
import type { Peer } from '../peer.ts';
import { event, eventFetch, eventWsgi } from './event.ts';
import { sync, syncFetch, syncNode } from './sync.ts';

/** The same server twice. */
export interface LogPair {
  readonly without: Peer;
  /** With a line in a file for each request. */
  readonly withLog: Peer;
}

function pair(without: Peer): LogPair {
  const { name, title } = without;
  const withLog: Peer = {
    ...without,
    name: `${name}-log`,
    title: `${title}, access log`,
    launch: ({ extra = [], ...options }) =>
      without.launch({
        ...options,
        extra: [...extra, `--access-logfile=${join(options.folder, 'access.log')}`],
      }),
  };
  return { without, withLog };
}

/** Connections are kept. */
export const EVENT_LOGS: readonly LogPair[] = [event, eventFetch, eventWsgi].map(pair);
/** A connection for each request. */
export const SYNC_LOGS: readonly LogPair[] = [sync, syncFetch, syncNode].map(pair);

export const LOG_PEERS: readonly Peer[] = [...EVENT_LOGS, ...SYNC_LOGS].map(({ withLog }) => withLog);
