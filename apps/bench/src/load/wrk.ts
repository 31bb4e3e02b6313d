import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startChild } from '../child-processes.ts';
import { printedBy } from '../command.ts';
import { ON_LOAD_CORE } from '../cores.ts';
import type { Failures } from '../failures.ts';
import type { Tool } from '../peer.ts';

const report = fileURLToPath(new URL('./report.lua', import.meta.url));

export interface WrkOptions {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** False: each request brings its own connection. */
  readonly keepAlive: boolean;
  /** Milliseconds that a client pauses on average before it asks again. Default: it asks at once. */
  readonly pauseMs?: number;
}

export interface WrkResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Of the answers, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly failures: Failures;
}

/** For the scenarios whose load comes from wrk. */
export const WRK: Tool = {
  title: 'wrk',
  prepare: () => printedBy('wrk', '-v').then((text) => /wrk (\S+)/.exec(text)?.[1] ?? 'unknown'),
};

/** Asks for `/` as often as it may, from the core that is the load's. */
export async function wrk({
  port,
  connections,
  seconds,
  keepAlive,
  pauseMs,
}: WrkOptions): Promise<WrkResult> {
  const flags = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', report];
  const header = keepAlive ? [] : ['-H', 'Connection: close'];
  const url = `http://127.0.0.1:${port}/`;
  const values = pauseMs === undefined ? [] : ['--', String(pauseMs)];
  const child = startChild([...ON_LOAD_CORE, 'wrk', ...flags, ...header, url, ...values], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout!), once(child, 'exit')]);
  return parseWrk(output);
}

/** @throws when the text does not hold the line that `report.lua` prints */
export function parseWrk(output: string): WrkResult {
  const json = /^figures (\{.*\})$/m.exec(output)?.[1];
  if (json === undefined) throw new Error(`wrk printed no figures:\n${output}`);
  const figures = JSON.parse(json) as Record<string, number>;
  const of = (name: string): number => {
    const value = figures[name];
    if (value === undefined) throw new Error(`wrk printed no "${name}":\n${output}`);
    return value;
  };
  return {
    requests: of('requests'),
    requestsPerSecond: (of('requests') * 1e6) / of('microseconds'),
    p50: of('p50') / 1000,
    p99: of('p99') / 1000,
    p999: of('p999') / 1000,
    failures: {
      refused: of('connect'),
      reset: of('read') + of('write'),
      timeout: of('timeout'),
      status: of('status'),
    },
  };
}
