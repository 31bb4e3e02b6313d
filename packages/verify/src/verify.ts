import { setTimeout as rest } from 'node:timers/promises';
import type { VerifyArguments } from './arguments.ts';
import { CopiedServer, type Program } from './copy/copied-server.ts';
import { OpenFiles } from './copy/open-files.ts';
import type { Happened, Scene } from './events/event.ts';
import { interrupted } from './errors.ts';
import { MAKE, type RepeatedEvent } from './events/make.ts';
import { judgeAccessLog, judgeEvents, judgeOpenFiles, judgeQuiet, type Verdict } from './judge.ts';
import { Clients, type Expected } from './load/clients.ts';
import { Ledger } from './load/ledger.ts';
import { OpenLoop } from './load/open-loop.ts';
import { learn } from './load/warm-up.ts';
import type { Outcome } from './outcome.ts';
import { Random } from './random.ts';
import { judgeLeft, stopUnderLoad } from './stop.ts';

/** Longest time that an answer may take before it counts as lost. */
const LIMIT_MS = 10_000;
/** Rest between two events, in which nothing may be lost. */
const REST_MS = 300;
/** A run ends by itself. */
const LONGEST_MS = 600_000;

/**
 * Verifies a copy of the server.
 * @param tell hears what happens, for whoever waits
 * @throws {OperatorError} when the copy does not start, or answers nothing
 */
export async function verifyCopy(
  asked: VerifyArguments,
  program: Program,
  tell: (text: string) => void,
): Promise<Outcome> {
  tell('starting a copy of the server');
  const server = await CopiedServer.start(program, asked.serverArguments);
  const given = Promise.withResolvers<never>();
  const giveUp = (signal: NodeJS.Signals): void => given.reject(interrupted(signal));
  process.once('SIGINT', giveUp).once('SIGTERM', giveUp);
  const finish = async (): Promise<Outcome> => {
    const { expected, rate } = await learn(server.url, asked.paths, LIMIT_MS);
    return run(asked, { server, expected, rate: asked.rate ?? rate, tell });
  };
  try {
    return await Promise.race([finish(), given.promise]);
  } finally {
    process.off('SIGINT', giveUp).off('SIGTERM', giveUp);
    await server.remove();
  }
}

async function run(
  asked: VerifyArguments,
  course: {
    readonly server: CopiedServer;
    readonly expected: readonly Expected[];
    readonly rate: number;
    readonly tell: (text: string) => void;
  },
): Promise<Outcome> {
  const { server, expected, rate, tell } = course;
  const ledger = new Ledger();
  const clients = new Clients(server.url, ledger, LIMIT_MS);
  const load = new OpenLoop(clients, ledger, { random: new Random(asked.seed), expected, rate });
  const scene: Scene = { server, ledger, random: new Random(asked.seed + 1) };
  const happened: Happened[] = [];
  const files = new OpenFiles();
  await rest(REST_MS);
  for (const name of plan(asked, scene.random)) {
    if (ledger.now() > LONGEST_MS) break;
    tell(name);
    happened.push(await happen(name, scene));
    await rest(REST_MS);
    files.look(server.processes());
  }
  files.look(server.processes());
  while (ledger.now() < asked.seconds * 1000) await rest(100);
  files.look(server.processes());
  const left: Verdict[] = [];
  if (asked.only.includes('stop')) {
    tell('stop');
    happened.push(await stopUnderLoad(server, ledger, () => load.stop()));
    left.push(await judgeLeft(server));
  }
  await load.stop();
  return {
    subject: asked.serverArguments.join(' '),
    seed: asked.seed,
    rate,
    seconds: Math.round(ledger.now() / 1000),
    verdicts: [
      judgeQuiet(happened, ledger),
      ...judgeEvents(happened, ledger),
      judgeAccessLog(server.accessLog(), ledger, happened),
      judgeOpenFiles(files.growth),
      ...left,
    ],
    happened,
    entries: ledger.entries,
  };
}

/** Every event so often, in an order that the seed decides; upgrades last, since they begin with a new arbiter. */
export function plan(
  { only, times }: Pick<VerifyArguments, 'only' | 'times'>,
  random: Random,
): readonly RepeatedEvent[] {
  const wanted = only.filter((name): name is RepeatedEvent => name !== 'stop');
  const repeated = (names: readonly RepeatedEvent[]): readonly RepeatedEvent[] =>
    random.shuffle(names.flatMap((name) => Array<RepeatedEvent>(times).fill(name)));
  return [
    ...repeated(wanted.filter((name) => name !== 'upgrade')),
    ...repeated(wanted.filter((name) => name === 'upgrade')),
  ];
}

async function happen(name: RepeatedEvent, scene: Scene): Promise<Happened> {
  const from = scene.ledger.now();
  const { note, fault, killedAt } = await MAKE[name](scene);
  return { name, from, to: scene.ledger.now(), note, fault, killedAt };
}

/** Puts a server that runs already under load. */
export async function verifyUrl(asked: VerifyArguments, url: URL): Promise<Outcome> {
  const { expected, rate } = await learn(url, asked.paths, LIMIT_MS);
  const ledger = new Ledger();
  const load = new OpenLoop(new Clients(url, ledger, LIMIT_MS), ledger, {
    random: new Random(asked.seed),
    expected,
    rate: asked.rate ?? rate,
  });
  await rest(asked.seconds * 1000);
  await load.stop();
  return {
    subject: url.href,
    seed: asked.seed,
    rate: asked.rate ?? rate,
    seconds: Math.round(ledger.now() / 1000),
    verdicts: [judgeQuiet([], ledger)],
    happened: [],
    entries: ledger.entries,
  };
}
