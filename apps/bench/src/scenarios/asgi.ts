import type { Claim } from '../claim.ts';
import { inTurn, only } from '../field.ts';
import { groupName, plainLoad } from '../load/plain-load.ts';
import { echo } from '../load/websockets.ts';
import { WRK } from '../load/wrk.ts';
import { type Measurement, ofRounds } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { ASGI_PEERS, asgiFastApi, asgiHello, asgiLogged, type AsgiField } from '../peers/asgi.ts';
import { CPU, type Quantity, RATE } from '../quantity.ts';
import type { Context, Scenario } from '../scenario.ts';
import { partOf } from '../time.ts';

const MANY = 64;
const FEW = 8;
const WEBSOCKETS = `${MANY} WebSockets`;
const ON_ALL_CORES = `${groupName(MANY)}, not held on one core`;

/** What each of the races below takes of the time, in their order. */
const SHARES: readonly number[] = [2, 10, 4, 2, 5];

const HELLO: readonly Peer[] = Object.values(asgiHello as unknown as Record<string, Peer>);

export const asgi: Scenario = {
  name: 'asgi',
  title: 'ASGI applications in Python',
  about:
    'One worker on one core, the load on another, connections kept, rounds in turn, medians; CPU is that of all processes ' +
    'of the server. Not held on one core, the Node.js process and that of Python can work at the same time.',
  peers: ASGI_PEERS,
  tools: [WRK],
  drawn: [CPU, RATE],
  minutes: 4.5,
  claims: [
    atMost(asgiHello, 'uvicorn', 0.95),
    atMost(asgiHello, 'gunicorn', 0.7),
    atMost(asgiHello, 'bareUvicorn', 0.4),
    claim(asgiHello, 'uvicorn', { group: ON_ALL_CORES, quantity: RATE, limit: { least: 1.3 } }),
    atMost(asgiFastApi, 'uvicorn', 0.9),
    atMost(asgiLogged, 'uvicorn', 0.8),
    atMost(asgiHello, 'uvicorn', 1, WEBSOCKETS),
  ],
  async run(context) {
    const left = [...SHARES];
    const next = (peers: readonly Peer[]): Context => {
      const own = partOf(only(context, peers), left);
      left.shift();
      return own;
    };
    const pair = ({ ours, uvicorn }: AsgiField): Context => next([ours, uvicorn]);
    const freely = await plainLoad(pair(asgiHello), { clients: [MANY], keepAlive: true, isFree: true });
    return [
      ...(await plainLoad(next(HELLO), { clients: [FEW, MANY], keepAlive: true })),
      ...freely.map((one) => ({ ...one, group: ON_ALL_CORES })),
      ...(await plainLoad(pair(asgiFastApi), { clients: [FEW, MANY], keepAlive: true })),
      ...(await plainLoad(pair(asgiLogged), { clients: [MANY], keepAlive: true })),
      ...(await webSockets(next(HELLO))),
    ];
  },
};

async function webSockets(context: Context): Promise<readonly Measurement[]> {
  const seconds = context.quick ? 1 : 2;
  const results = await inTurn(context, {
    rounds: context.quick ? 1 : 5,
    start: { workers: 1, core: 'server' },
    warmUp: (server) => echo(server, { connections: FEW, seconds }),
    round: (server) => echo(server, { connections: MANY, seconds }),
  });
  return results.flatMap(({ peer, rounds }) => {
    const whose = { peer: peer.title, group: WEBSOCKETS };
    const cpu = rounds.map(({ cpuPerMessage }) => cpuPerMessage);
    const rate = rounds.map(({ messagesPerSecond }) => messagesPerSecond);
    return [ofRounds(whose, CPU, cpu), ofRounds(whose, RATE, rate)];
  });
}

interface Limit {
  readonly group: string;
  readonly quantity: Quantity;
  readonly limit: Claim['limit'];
}

function claim(field: AsgiField, against: Exclude<keyof AsgiField, 'ours'>, limit: Limit): Claim {
  return { ...limit, peer: field.ours.title, against: field[against].title };
}

function atMost(
  field: AsgiField,
  against: Exclude<keyof AsgiField, 'ours'>,
  most: number,
  group: string = groupName(MANY),
): Claim {
  return claim(field, against, { group, quantity: CPU, limit: { most } });
}
