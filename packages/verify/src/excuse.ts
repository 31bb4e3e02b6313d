import type { Happened } from './events/event.ts';
import type { EventName } from './events/names.ts';
import type { Entry } from './load/ledger.ts';

/** Bytes of requests that were under way to a process when it was killed may reach it for so long: milliseconds. */
export const KILL_MS = 50;
/** A connection is begun so long before it is made, where the client has much to do: milliseconds. */
const CLOSING_MS = 100;

/** Why a lost request is nobody's fault, in words for the report. */
export const EXCUSE: Readonly<Partial<Record<EventName, string>>> = {
  'kill-worker': 'in hand of a killed worker',
  hang: 'in hand of a hung worker',
  'kill-arbiter': 'come when nobody listened',
  stop: 'refused, since nobody listened any more',
};

/** Whether a request may be lost in what happened. */
export function isExcused(entry: Entry, happened: Happened): boolean {
  const { startedAt, failure } = entry;
  // Nobody listens any more: the load balancer's part.
  if (happened.name === 'stop') return failure?.kind === 'refused' || cameLast(entry, happened);
  if (happened.name === 'kill-arbiter') return isExcusedOfNoArbiter(entry, happened);
  const { name, killedAt, heldUntil } = happened;
  if (killedAt === undefined) return false;
  const wasInHand = startedAt <= killedAt + KILL_MS;
  const wasHeld = heldUntil !== undefined && isHeld(entry) && startedAt <= heldUntil;
  return (wasInHand || wasHeld) && isLossOfHand(entry, name === 'hang');
}

/**
 * Between the last connection that a server takes and the moment in which it no longer listens the kernel takes others, and
 * resets them then. Of those that are kept there are none.
 */
function cameLast({ startedAt, client, failure }: Entry, { closedAt = Infinity }: Happened): boolean {
  return !isHeld({ client }) && failure?.kind === 'reset' && Math.abs(closedAt - startedAt) < CLOSING_MS;
}

/** A process that hangs is waited for, and one that is killed is not. */
function isLossOfHand({ failure }: Entry, hangs: boolean): boolean {
  const { kind } = failure ?? {};
  return kind === 'reset' || kind === 'short' || kind === 'status' || (hangs && kind === 'slow');
}

/** Its connection may be one that the process has. */
function isHeld({ client }: Pick<Entry, 'client'>): boolean {
  return client === 'keep-alive' || client === 'http2' || client === 'websocket';
}

/**
 * Workers finish what they had when their arbiter died. Who comes meanwhile finds nobody; WebSockets end, with a frame or,
 * where the application does not end in the time that orphans have, without.
 */
function isExcusedOfNoArbiter({ startedAt, client, failure }: Entry, { killedAt = 0 }: Happened): boolean {
  if (failure?.kind === 'refused') return true;
  const cameLater = startedAt > killedAt - KILL_MS;
  return failure?.kind === 'reset' && cameLater && client !== 'websocket';
}
