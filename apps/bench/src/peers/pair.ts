import type { LaunchOptions, Peer } from '../peer.ts';

/** The same server twice. */
export interface Pair {
  readonly without: Peer;
  /** With what the question is about. */
  readonly withIt: Peer;
}

interface Change {
  /** Behind the name of the peer, and behind its title. */
  readonly suffix: string;
  readonly words: string;
  flags(options: LaunchOptions): readonly string[];
}

/** The peer, started with further flags. */
export function changed(peer: Peer, { suffix, words, flags }: Change): Peer {
  return {
    ...peer,
    name: `${peer.name}-${suffix}`,
    title: `${peer.title}, ${words}`,
    launch: ({ extra = [], ...options }) =>
      peer.launch({ ...options, extra: [...extra, ...flags({ ...options, extra })] }),
  };
}
