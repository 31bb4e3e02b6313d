import { setTimeout as rest } from 'node:timers/promises';
import type { VerifyArguments } from './arguments.ts';
import { AttachedServer } from './copy/attached-server.ts';
import type { Program } from './copy/command.ts';
import type { Happened, Scene } from './events/event.ts';
import { reload, scale } from './events/make.ts';
import { identityOf } from './identity.ts';
import { judgeEvents, judgeQuiet, judgeWebSockets } from './judge.ts';
import { Ledger } from './load/ledger.ts';
import { MixedLoad } from './load/mixed-load.ts';
import { learn } from './load/warm-up.ts';
import type { Outcome } from './outcome.ts';
import { Random } from './random.ts';
import { happen, learnedOf, LIMIT_MS, LONGEST_MS, orInterrupted, REST_MS } from './verify.ts';

type Bystander = Pick<Scene<AttachedServer>, 'server' | 'ledger'>;

/** What may happen to a server that others use. */
const HARMLESS = { reload, scale } as const;

/** Puts a server under load that runs somewhere, and nothing else. */
export function verifyUrl(asked: VerifyArguments, url: URL): Promise<Outcome> {
  return underLoad(asked, url, () => Promise.resolve([]));
}

/** Puts a server of this machine under load, and reloads and scales it meanwhile. */
export async function verifyAttached(
  asked: VerifyArguments,
  program: Program,
  { place, tell }: { readonly place: string; readonly tell: (text: string) => void },
): Promise<Outcome> {
  const server = await AttachedServer.find(program, place);
  const events = async (ledger: Ledger): Promise<readonly Happened[]> => {
    const random = new Random(asked.seed + 1);
    const names = asked.only.filter((name) => name === 'reload' || name === 'scale');
    const happened: Happened[] = [];
    for (const name of random.shuffle(names.flatMap((one) => Array<typeof one>(asked.times).fill(one)))) {
      if (ledger.now() > LONGEST_MS) break;
      tell(name);
      const scene: Bystander = { server, ledger };
      happened.push(await happen(name, scene, (one) => HARMLESS[name]({ ...one, random, another: none })));
      await rest(REST_MS);
    }
    return happened;
  };
  return orInterrupted(
    () => underLoad(asked, server.url, events),
    () => server.restore(),
  );
}

function none(): never {
  throw new Error('a server that runs already has no copies');
}

async function underLoad(
  asked: VerifyArguments,
  url: URL,
  events: (ledger: Ledger) => Promise<readonly Happened[]>,
): Promise<Outcome> {
  const site = { url, identity: identityOf(asked) };
  const learned = learnedOf(asked, await learn(site, asked, LIMIT_MS));
  const ledger = new Ledger();
  const load = new MixedLoad(site, ledger, { learned, random: new Random(asked.seed), limitMs: LIMIT_MS });
  await rest(REST_MS);
  const happened = await events(ledger);
  await rest(Math.max(0, asked.seconds * 1000 - ledger.now()));
  await load.stop();
  return {
    subject: url.href,
    seed: asked.seed,
    rate: learned.rate,
    seconds: Math.round(ledger.now() / 1000),
    verdicts: [
      judgeQuiet(happened, ledger),
      ...judgeEvents(happened, ledger),
      ...(load.closeCodes === undefined ? [] : [judgeWebSockets(load.closeCodes, ledger, happened)]),
    ],
    happened,
    entries: ledger.entries,
  };
}
