import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { seeded } from '@gunicorn-ts/load';
import { compareScaling, scalingTable } from './scaling/compare.ts';
import type { PodTemplate } from './pod.ts';
import { play, type PlayReport } from './rollout.ts';

const APP = new URL('../app', import.meta.url).pathname;
const HELP = `usage: pnpm rehearsal [--only NAME,…] [--rollouts 20] [--delay 4] [--seed 1] [--port 21000]

Plays rolling updates on this machine, as root: copies in namespaces with the conditions of a container, HAProxy in front.
NAME is one of event, sync, python-sync, python-asgi, no-delay, scaling.`;

/** Applications and worker classes whose copies are replaced. */
const SERVERS: Readonly<Record<string, readonly string[]>> = {
  event: ['--workers=2', '--keep-alive=75', '--worker-class=event', 'app.ts'],
  sync: ['--workers=4', '--worker-class=sync', 'app.ts'],
  'python-sync': ['--workers=4', '--python=/usr/bin/python3', 'shop:wsgi'],
  'python-asgi': [
    '--workers=2',
    '--keep-alive=75',
    '--worker-class=asgi',
    '--python=/usr/bin/python3',
    'shop:asgi',
  ],
};
/** News of a copy that leaves are late by so much, in milliseconds. */
const LAG_MS = [1000, 2500] as const;
const FEW_ROLLOUTS = 3;

const INSIDE = 'GUNICORN_REHEARSAL_INSIDE';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rollouts: { type: 'string', default: '20' },
    delay: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    port: { type: 'string', default: '21000' },
    help: { type: 'boolean', default: false },
  },
});

process.exitCode = values.help ? help() : process.env[INSIDE] === undefined ? enter() : await rehearse();

/** The same once more with a network of its own, where every port is free. */
function enter(): number {
  const words = [process.execPath, ...process.argv.slice(1)];
  const options = { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } } as const;
  const { status } = spawnSync(
    'unshare',
    ['--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...words],
    options,
  );
  return status ?? 1;
}

function help(): number {
  process.stdout.write(`${HELP}\n`);
  return 0;
}

async function rehearse(): Promise<number> {
  const wanted = values.only?.split(',');
  const isWanted = (name: string): boolean => wanted?.includes(name) ?? true;
  let isGood = true;
  if (isWanted('scaling')) {
    const results = compareScaling(Number(values.seed));
    process.stdout.write(`${scalingTable(results)}\n`);
    isGood &&= results.every(({ holds }) => holds);
  }
  const names = Object.keys(SERVERS).filter(isWanted);
  if (names.length === 0 && !isWanted('no-delay')) return isGood ? 0 : 1;
  const lacking = ['unshare', 'setpriv', 'haproxy'].filter(
    (tool) => spawnSync(tool, ['--version']).error !== undefined,
  );
  if (lacking.length > 0 || process.getuid?.() !== 0) {
    process.stderr.write(
      `needs root, unshare, setpriv and haproxy; lacking: ${lacking.join(', ') || 'root'}\n`,
    );
    return 2;
  }
  for (const name of names) {
    const report = await playOne(SERVERS[name]!, Number(values.delay), Number(values.rollouts));
    isGood = say(name, report, report.failures.length === 0) && isGood;
  }
  if (isWanted('no-delay')) {
    const report = await playOne(SERVERS['event']!, 0, Math.min(FEW_ROLLOUTS, Number(values.rollouts)));
    // What the setting is for must be seen here, or a play without loss shows nothing.
    isGood = say('event without shutdownDelay', report, report.failures.length > 0) && isGood;
  }
  return isGood ? 0 : 1;
}

function playOne(args: readonly string[], shutdownDelay: number, rollouts: number): Promise<PlayReport> {
  const template: PodTemplate = { cwd: APP, args, shutdownDelay, gracefulTimeout: 20 };
  const random = seeded(Number(values.seed));
  return play({ template, replicas: 2, rollouts, lagMs: LAG_MS, port: Number(values.port), random });
}

function say(name: string, report: PlayReport, holds: boolean): boolean {
  const { requests, failures, slowestMs, replaced, killedLogs, conditions } = report;
  const { pid, uid, capabilities, noNewPrivileges } = conditions;
  const contained = pid === 1 && uid === 65_532 && capabilities === 0 && noNewPrivileges;
  const kinds = Object.entries(Object.groupBy(failures, ({ kind, client }) => `${client} ${kind}`));
  const lost = kinds.map(([kind, some = []]) => `${some.length} ${kind}`).join(', ');
  process.stdout.write(
    `${holds && contained ? '✔' : '✘'} ${name}: ${replaced} copies replaced, ${requests} requests, ${failures.length} lost${lost === '' ? '' : ` (${lost})`}, slowest ${Math.round(slowestMs)} ms, ${killedLogs.length} killed after the grace${contained ? '' : `, conditions ${JSON.stringify(conditions)}`}\n`,
  );
  for (const log of killedLogs)
    process.stdout.write(
      `    said before it was killed: ${log.trimEnd().split('\n').slice(-6).join('\n    ')}\n`,
    );
  for (const { at, client, kind, detail } of holds ? [] : failures.slice(0, 10)) {
    process.stdout.write(`    ${at} ${client} ${kind}: ${detail}\n`);
  }
  return holds && contained;
}
