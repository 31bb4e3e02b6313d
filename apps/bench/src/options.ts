import { parseArgs } from 'node:util';
import type { Peer } from './peer.ts';
import type { Scenario } from './scenario.ts';
import { MINUTES } from './time.ts';

export interface Options {
  readonly scenarios: readonly Scenario[];
  readonly peers: readonly Peer[];
  /** Few rounds, short ones: shows that it works, and little else. */
  readonly quick: boolean;
  /** The whole run, without what is installed before it. */
  readonly minutes: number;
  /** Folder that the results are written to. */
  readonly out: string;
}

export interface Known {
  readonly scenarios: readonly Scenario[];
  readonly peers: readonly Peer[];
  /** Where results go when nothing is said. */
  readonly out: string;
}

/** Thrown for a command line that cannot be understood. */
export class UsageError extends Error {}

const FLAGS = {
  only: { type: 'string' },
  peers: { type: 'string' },
  quick: { type: 'boolean' },
  minutes: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** `undefined` when only help was asked for. @throws {UsageError} */
export function parseOptions(argv: readonly string[], known: Known): Options | undefined {
  const values = parse(argv);
  if (values.help === true) return undefined;
  return {
    scenarios: chosen('--only', 'scenario', values.only, known.scenarios),
    peers: chosen('--peers', 'peer', values.peers, known.peers),
    quick: values.quick ?? false,
    minutes: minutesOf(values.minutes),
    out: values.out ?? known.out,
  };
}

export function usage({ scenarios, peers, out }: Known): string {
  return `Usage: pnpm bench [--only NAMES] [--peers NAMES] [--minutes N] [--quick] [--out FOLDER]

  --only NAMES   Scenarios, with commas between them: ${list(scenarios)}
  --peers NAMES  Who is asked: ${list(peers)}
  --minutes N    What all scenarios may take: where it is little, each has fewer rounds, but three. [default: ${MINUTES}]
  --quick        Few rounds, short ones: to see that it works, not to believe the figures
  --out FOLDER   Where results.json and the charts go. [default: ${out}]
`;
}

/** Those that are named, in the order in which they stand; all when none is. */
function chosen<T extends { readonly name: string }>(
  flag: string,
  what: string,
  value: string | undefined,
  known: readonly T[],
): readonly T[] {
  if (value === undefined) return known;
  const wanted = value.split(',');
  const unknown = wanted.find((name) => known.every((one) => one.name !== name));
  if (unknown !== undefined) {
    throw new UsageError(`${flag}: there is no ${what} "${unknown}"; write some of ${list(known)}`);
  }
  return known.filter(({ name }) => wanted.includes(name));
}

function minutesOf(text: string | undefined): number {
  if (text === undefined) return MINUTES;
  const minutes = Number(text);
  if (!(minutes > 0)) throw new UsageError(`--minutes: "${text}" is not a number above 0`);
  return minutes;
}

function list(known: readonly { readonly name: string }[]): string {
  return known.map(({ name }) => name).join(',');
}

function parse(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'] {
  try {
    return parseArgs({ args: [...argv], options: FLAGS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
