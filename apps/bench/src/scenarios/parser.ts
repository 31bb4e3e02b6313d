import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startChild } from '../child-processes.ts';
import { ON_SERVER_CORE } from '../cores.ts';
import type { Measurement } from '../measurement.ts';
import { sync } from '../peers/sync.ts';
import { ownQuantity } from '../quantity.ts';
import type { Scenario } from '../scenario.ts';

const program = fileURLToPath(new URL('../programs/parser.ts', import.meta.url));
const SECONDS = 2;
const QUICK_SECONDS = 0.2;

const RATE = ownQuantity('requests a second of one core', '/s', 'more');
const ALLOCATED = ownQuantity('allocated for each', 'bytes');

interface Result {
  readonly request: string;
  readonly rate: number;
  readonly allocated: number;
}

export const parser: Scenario = {
  name: 'parser',
  title: 'The HTTP parser alone',
  about: 'Whole requests fed to the parser in one piece, one a connection: what a second of one core takes.',
  peers: [sync],
  drawn: [RATE],
  minutes: 0.5,
  claims: [{ quantity: RATE, group: 'GET, 4 headers', peer: sync.title, limit: { least: 600_000 } }],
  async run({ peers, quick }) {
    const seconds = quick ? QUICK_SECONDS : SECONDS;
    const child = startChild([...ON_SERVER_CORE, process.execPath, program, String(seconds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = await Promise.all([text(child.stdout!), once(child, 'exit')]);
    const results = JSON.parse(output) as Result[];
    return peers.flatMap((peer) => results.flatMap((one) => figures(peer.title, one)));
  },
};

function figures(peer: string, { request, rate, allocated }: Result): Measurement[] {
  const whose = { peer, group: request };
  return [
    { ...whose, quantity: RATE, value: rate },
    { ...whose, quantity: ALLOCATED, value: allocated },
  ];
}
