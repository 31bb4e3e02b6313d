import { setTimeout as rest } from 'node:timers/promises';
import type { VerifyArguments } from './arguments.ts';
import { type Program, settingOf } from './copy/command.ts';
import { CopiedServer } from './copy/copied-server.ts';
import { refuseUnverifiable } from './copy/printed-settings.ts';
import { OpenFiles } from './copy/open-files.ts';
import { interrupted } from './errors.ts';
import { identityOf } from './identity.ts';
import { Copies } from './events/copies.ts';
import type { Happened, Make } from './events/event.ts';
import { MAKE } from './events/make.ts';
import {
  judgeAccessLog,
  judgeEvents,
  judgeOpenFiles,
  judgeQuiet,
  judgeWebSockets,
  type Verdict,
} from './judge.ts';
import { Ledger } from './load/ledger.ts';
import { MixedLoad } from './load/mixed-load.ts';
import { type Learned, learn } from './load/warm-up.ts';
import type { Outcome } from './outcome.ts';
import { plan } from './plan.ts';
import { Random } from './random.ts';
import { judgeLeft, stopUnderLoad } from './stop.ts';

/** Longest time that an answer may take before it counts as lost. */
export const LIMIT_MS = 10_000;
/** Rest between two events, in which nothing may be lost. */
export const REST_MS = 300;
/** How long the last lines of the access log may take, on a machine that is busy too. */
const LOGGED_MS = 5000;
/** A run ends by itself. */
export const LONGEST_MS = 600_000;

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
  const identity = identityOf(asked);
  await refuseUnverifiable(program, asked.serverArguments, identity);
  const server = await CopiedServer.start(program, asked.serverArguments, identity);
  const ledger = new Ledger();
  const copies = new Copies({ program, asked, ledger, limitMs: LIMIT_MS, identity });
  const finish = async (): Promise<Outcome> => {
    const learned = learnedOf(asked, await learn(server.site, asked, LIMIT_MS));
    return run(asked, { server, ledger, copies, learned, tell });
  };
  return orInterrupted(finish, async () => {
    await Promise.all([server.remove(), copies.remove()]);
  });
}

/** @param asked a rate that was named counts more than what was learned */
export function learnedOf({ rate }: VerifyArguments, learned: Learned): Learned {
  return { ...learned, rate: rate ?? learned.rate };
}

/**
 * Does the work until it ends, or somebody interrupts it; then cleans up.
 * @throws {OperatorError} `ERR_VERIFY_INTERRUPTED`
 */
export async function orInterrupted<T>(work: () => Promise<T>, cleanUp: () => Promise<void>): Promise<T> {
  const given = Promise.withResolvers<never>();
  const giveUp = (signal: NodeJS.Signals): void => given.reject(interrupted(signal));
  process.once('SIGINT', giveUp).once('SIGTERM', giveUp);
  try {
    return await Promise.race([work(), given.promise]);
  } finally {
    process.off('SIGINT', giveUp).off('SIGTERM', giveUp);
    await cleanUp();
  }
}

interface Course {
  readonly server: CopiedServer;
  readonly ledger: Ledger;
  readonly copies: Copies;
  readonly learned: Learned;
  readonly tell: (text: string) => void;
}

async function run(asked: VerifyArguments, course: Course): Promise<Outcome> {
  const { server, ledger, copies, learned, tell } = course;
  const load = new MixedLoad(server.site, ledger, {
    learned,
    random: new Random(asked.seed),
    limitMs: LIMIT_MS,
  });
  const random = new Random(asked.seed + 1);
  const scene = { server, ledger, random, another: copies.start(learned) };
  const happened: Happened[] = [];
  const files = new OpenFiles();
  await rest(REST_MS);
  for (const name of plan(asked, random, await settingOf(server, 'timeout', 30))) {
    if (ledger.now() > LONGEST_MS) break;
    tell(name);
    const one = await happen(name, scene, MAKE[name]);
    happened.push(one.fault === undefined ? one : { ...one, fault: withLog(one.fault, server) });
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
  // Workers gather lines for a moment, and those of a server that was not stopped are still there.
  const logged = await holdsAtLast(
    () => judgeAccessLog(new Map([...server.accessLog(), ...copies.accessLog]), ledger, happened),
    LOGGED_MS,
  );
  return {
    subject: asked.serverArguments.join(' '),
    seed: asked.seed,
    rate: learned.rate,
    seconds: Math.round(ledger.now() / 1000),
    verdicts: [
      judgeQuiet(happened, ledger),
      ...judgeEvents(happened, ledger),
      ...(load.closeCodes === undefined ? [] : [judgeWebSockets(load.closeCodes, ledger, happened)]),
      logged,
      judgeOpenFiles(files.growth),
      ...left,
    ],
    happened,
    entries: ledger.entries,
  };
}

/** Judges again until the property holds, for so long at most; the last verdict counts. */
export async function holdsAtLast(judge: () => Verdict, limitMs: number): Promise<Verdict> {
  const deadline = performance.now() + limitMs;
  let verdict = judge();
  while (!verdict.holds && performance.now() < deadline) {
    await rest(50);
    verdict = judge();
  }
  return verdict;
}

/** Who reads the report does not have the log of the copy. */
function withLog(fault: string, server: CopiedServer): string {
  return [fault, ...server.troubles().map((text) => `its log: ${text}`)].join('; ');
}

/** Times are the ledger's. */
export async function happen<S extends { readonly ledger: Ledger }>(
  name: Happened['name'],
  scene: S,
  make: (scene: S) => ReturnType<Make>,
): Promise<Happened> {
  const from = scene.ledger.now();
  const { note, fault, killedAt, heldUntil } = await make(scene);
  return { name, from, to: scene.ledger.now(), note, fault, killedAt, heldUntil };
}
