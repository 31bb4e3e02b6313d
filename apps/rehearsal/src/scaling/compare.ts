import { TARGETS } from '@gunicorn-ts/kubernetes';
import { seeded } from '@gunicorn-ts/load';
import { Autoscaler, type Measure, PERIOD_S } from './autoscaler.ts';
import { quantileOf, SimulatedCluster } from './cluster.ts';
import { LOADS, rateAt, type RequestLoad } from './loads.ts';
import { untilNext } from './random.ts';

/** What copies are scaled by. */
export type Signal = 'busy' | 'busy+queue' | 'cpu';

export interface ScalingResult {
  readonly load: string;
  readonly signal: Signal;
  /** Of all requests of the hour, seconds. */
  readonly p95: number;
  readonly p99: number;
  /** Copies, as a mean over time: what it costs. */
  readonly meanReplicas: number;
  readonly mostReplicas: number;
  /** Whether the exported signal keeps its bound, and the processor, which is shown beside it, does not. */
  readonly holds: boolean;
}

/** A copy of the exported kind: four workers that take a request each, half a core for each asked for. */
const WORKERS = 4;
const CPU_REQUEST = 2;
/** What people scale by processors at. */
const CPU_TARGET = 0.6;
const START_S = 20;
const LEAST = 2;
const MOST = 20;
/** A tenth of the time of a request is work; waits differ by a factor of three. */
const MEAN_WAIT_S = 0.09;
const CPU_S = 0.01;

/** Plays each load once with each signal. */
export function compareScaling(
  seed: number,
  loads: readonly RequestLoad[] = LOADS,
): readonly ScalingResult[] {
  return loads.flatMap((load) =>
    (['busy+queue', 'busy', 'cpu'] as const).map((signal) => simulate(load, signal, seed)),
  );
}

function simulate(load: RequestLoad, signal: Signal, seed: number): ScalingResult {
  const random = seeded(seed);
  const cluster = new SimulatedCluster(WORKERS, START_S, LEAST);
  const scaler = new Autoscaler(LEAST, MOST);
  const replicas: number[] = [];
  let look = PERIOD_S;
  for (let now = 0; now < load.seconds; now += untilNext(random, rateAt(load, now))) {
    for (; look <= now; look += PERIOD_S) {
      replicas.push(cluster.replicas);
      cluster.scale(scaler.decide(look, cluster.replicas, measuresOf(signal, cluster, look)), look);
    }
    cluster.serve(now, { waitSeconds: MEAN_WAIT_S * (0.5 + random()), cpuSeconds: CPU_S }, random);
  }
  const waits = cluster.served.map(({ queued }) => queued);
  const p95 = quantileOf(waits, 0.95);
  const isWithin = p95 <= TARGETS.queueSeconds;
  return {
    load: load.name,
    signal,
    p95,
    p99: quantileOf(waits, 0.99),
    meanReplicas: replicas.reduce((sum, one) => sum + one, 0) / replicas.length,
    mostReplicas: Math.max(...replicas),
    holds: signal === 'busy' || (signal === 'cpu' ? !isWithin : isWithin),
  };
}

function measuresOf(signal: Signal, cluster: SimulatedCluster, now: number): readonly Measure[] {
  const busy = { value: cluster.busyRatio(now), target: TARGETS.busyRatio };
  switch (signal) {
    case 'cpu':
      return [{ value: cluster.cores(now), target: CPU_REQUEST * CPU_TARGET }];
    case 'busy':
      return [busy];
    case 'busy+queue':
      return [busy, { value: cluster.queueQuantile(now, 0.95), target: TARGETS.queueSeconds }];
  }
}

/** The results, a line each. */
export function scalingTable(results: readonly ScalingResult[]): string {
  const head = ['load', 'signal', 'p95', 'p99', 'copies', 'most', ''];
  const ms = (seconds: number): string => `${Math.round(seconds * 1000)} ms`;
  const rows = results.map(({ load, signal, p95, p99, meanReplicas, mostReplicas, holds }) => [
    load,
    signal,
    ms(p95),
    ms(p99),
    meanReplicas.toFixed(1),
    String(mostReplicas),
    holds ? '✔' : '✘',
  ]);
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell) => cell.padStart(11))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}
