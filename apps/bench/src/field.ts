import type { Peer } from './peer.ts';
import { RunningServer, type StartOptions } from './running-server.ts';
import type { Context } from './scenario.ts';
import { evenly, LEAST_ROUNDS, timeIsUp } from './time.ts';

/** How one peer did, round by round. */
export interface Result<T> {
  readonly peer: Peer;
  readonly rounds: readonly T[];
}

export interface Race<T> {
  readonly rounds: number;
  /** So many rounds belong together, and are run whole or not at all. Default: 1. */
  readonly together?: number;
  readonly start: StartOptions;
  /** Before the first round: code gets compiled, caches filled. */
  warmUp?(server: RunningServer): Promise<unknown>;
  /** @param round from 0 on */
  round(server: RunningServer, round: number): Promise<T>;
}

/**
 * Starts all peers and measures them in turn, round by round, so that what else goes on in the machine meets all
 * alike. A peer that fails is left out and named.
 */
export async function inTurn<T>(context: Context, race: Race<T>): Promise<readonly Result<T>[]> {
  const running = new Map<Peer, { server: RunningServer; rounds: T[] }>();
  async function attempt(peer: Peer, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      context.giveUp(peer, error);
      await running.get(peer)?.server.stop();
      running.delete(peer);
    }
  }
  try {
    for (const peer of context.peers) {
      context.progress(`starting ${peer.title}`);
      await attempt(peer, async () => {
        const server = await RunningServer.start(peer, race.start);
        running.set(peer, { server, rounds: [] });
        await race.warmUp?.(server);
      });
    }
    const { together = 1 } = race;
    for (let round = 1; round <= race.rounds; round++) {
      const isWhole = (round - 1) % together === 0;
      if (isWhole && timeIsUp(context, round - 1, LEAST_ROUNDS * together)) break;
      context.progress(`round ${round} of ${race.rounds}`);
      for (const [peer, { server, rounds }] of running) {
        await attempt(
          peer,
          async () => void rounds.push(await server.unlessItEnds(race.round(server, round - 1))),
        );
      }
    }
    return [...running].map(([peer, { rounds }]) => ({ peer, rounds }));
  } finally {
    await Promise.all([...running.values()].map(({ server }) => server.stop()));
  }
}

/**
 * Asks each peer in turn, round by round; the work starts what it needs by itself. A peer that fails is left out and
 * named.
 */
export async function inTurnUnstarted<T>(
  context: Context,
  rounds: number,
  measure: (peer: Peer) => Promise<T>,
): Promise<readonly Result<T>[]> {
  const results = new Map<Peer, T[]>(context.peers.map((peer) => [peer, []]));
  for (let round = 1; round <= rounds; round++) {
    if (timeIsUp(context, round - 1, LEAST_ROUNDS)) break;
    context.progress(`round ${round} of ${rounds}`);
    for (const [peer, values] of results) {
      try {
        values.push(await measure(peer));
      } catch (error) {
        context.giveUp(peer, error);
        results.delete(peer);
      }
    }
  }
  return [...results].map(([peer, values]) => ({ peer, rounds: values }));
}

/**
 * One peer after the other, each with the machine and its share of the time for itself. A peer that fails is left out
 * and named.
 */
export async function oneByOne<T>(
  context: Context,
  measure: (peer: Peer, context: Context) => Promise<T>,
): Promise<readonly { readonly peer: Peer; readonly result: T }[]> {
  const results: { peer: Peer; result: T }[] = [];
  for (const [peer, own, index] of evenly(context, context.peers)) {
    if (timeIsUp(context, index, 1)) {
      context.giveUp(peer, new Error('no time was left for it; --minutes gives more'));
      continue;
    }
    context.progress(peer.title);
    try {
      results.push({ peer, result: await measure(peer, own) });
    } catch (error) {
      context.giveUp(peer, error);
    }
  }
  return results;
}

/** The same, asked of fewer. */
export function only(context: Context, peers: readonly Peer[]): Context {
  return { ...context, peers: context.peers.filter((peer) => peers.includes(peer)) };
}

/** A server for the time of the work. */
export async function withServer<T>(
  peer: Peer,
  options: StartOptions,
  work: (server: RunningServer) => Promise<T>,
): Promise<T> {
  const server = await RunningServer.start(peer, options);
  try {
    return await server.unlessItEnds(work(server));
  } finally {
    await server.stop();
  }
}
