import { formatValue, type Measurement } from './measurement.ts';
import { machineOf } from './page.ts';
import { bareNode } from './peers/bare-node.ts';
import { bun } from './peers/bun.ts';
import { event, eventFetch, eventWsgi } from './peers/event.ts';
import { asgiHello } from './peers/asgi.ts';
import { gunicornSync } from './peers/gunicorn-python.ts';
import { nginx } from './peers/nginx.ts';
import { nodeCluster } from './peers/node-cluster.ts';
import type { Peer } from './peer.ts';
import { pm2 } from './peers/pm2.ts';
import { djangoPreload, pythonSync } from './peers/python.ts';
import { CPU, FAILED, PSS, type Quantity } from './quantity.ts';
import type { Report } from './report.ts';
import { sync, syncFetch } from './peers/sync.ts';

const MARKS = [
  '<!-- figures: `pnpm bench:publish` writes what stands here -->',
  '<!-- /figures -->',
] as const;

const NONE = 'No run is published yet: `pnpm bench` measures, `pnpm bench:publish` writes the figures here.';

interface Headline {
  readonly words: string;
  readonly scenario: string;
  readonly group: string;
  readonly quantity: Quantity;
  readonly peers: readonly Peer[];
}

/** What a reader asks first. Everybody in a line was asked the same, in the same run. */
const HEADLINES: readonly Headline[] = [
  {
    words: 'CPU of a request on a kept connection, 64 clients',
    scenario: 'keep-alive',
    group: '64 clients',
    quantity: CPU,
    peers: [eventWsgi, eventFetch, event, bareNode, nodeCluster, pm2, bun, nginx],
  },
  {
    words: 'CPU of a request on a connection of its own, 8 clients',
    scenario: 'connection',
    group: '8 clients',
    quantity: CPU,
    peers: [sync, syncFetch, bareNode, nodeCluster, pm2, bun, nginx, gunicornSync],
  },
  {
    words: 'CPU of a WSGI request, sync workers',
    scenario: 'python',
    group: 'sync',
    quantity: CPU,
    peers: [pythonSync.ours, pythonSync.gunicorn],
  },
  {
    words: 'CPU of an ASGI request, 64 clients',
    scenario: 'asgi',
    group: '64 clients',
    quantity: CPU,
    peers: [asgiHello.ours, asgiHello.uvicorn, asgiHello.gunicorn],
  },
  {
    words: 'Requests that failed in ten reloads, connections kept',
    scenario: 'reload',
    group: 'connections kept where the server keeps them',
    quantity: FAILED,
    peers: [event, sync, pm2, nginx, gunicornSync],
  },
  {
    words: 'Memory of Django with four preloaded workers (PSS)',
    scenario: 'python-memory',
    group: '',
    quantity: PSS,
    peers: [djangoPreload.ours, djangoPreload.gunicorn],
  },
];

/** The README with the figures of a published run between its marks. */
export function withFigures(readme: string, report: Report | undefined): string {
  const [from, to] = MARKS.map((mark) => readme.indexOf(mark));
  if (from === undefined || to === undefined || from < 0 || to < from)
    throw new Error(`README.md has no ${MARKS.join(' … ')} for the figures to stand in`);
  const text = report === undefined ? NONE : renderFigures(report);
  return `${readme.slice(0, from)}${MARKS[0]}\n\n${text}\n\n${readme.slice(to)}`;
}

function renderFigures(report: Report): string {
  const lines = HEADLINES.flatMap((headline) => renderHeadline(headline, report) ?? []);
  return [
    `On ${machineOf(report)}, everybody in turn in one run of \`pnpm bench\`; less is better:`,
    lines.join('\n'),
    '[All of it](docs/benchmarks.md): who was asked what, charts, how far the rounds lie apart, and which of our own limits are missed.',
  ].join('\n\n');
}

/** `undefined` when that run did not measure any two of them. */
function renderHeadline(headline: Headline, { scenarios }: Report): string | undefined {
  const { words, group, quantity, peers } = headline;
  const found = scenarios.find(({ name }) => name === headline.scenario)?.measurements ?? [];
  const values = peers.flatMap((peer) => {
    const one = found.find(
      (measured) =>
        measured.peer === peer.title && measured.group === group && measured.quantity.name === quantity.name,
    );
    return one === undefined ? [] : [renderValue(one)];
  });
  return values.length < 2 ? undefined : `- ${words}: ${values.join(', ')}`;
}

function renderValue({ peer, value, quantity }: Measurement): string {
  const text = `${peer} ${formatValue(value, quantity)}`;
  return peer.startsWith('gunicorn-ts') ? `**${text}**` : text;
}
