import { setTimeout as rest } from 'node:timers/promises';
import { type Failure, startLoad } from '@gunicorn-ts/test-kit';
import { Balancer } from './balancer.ts';
import { Pod, type PodConditions, type PodTemplate } from './pod.ts';

/** A rolling update that is played several times. */
export interface Play {
  readonly template: PodTemplate;
  readonly replicas: number;
  readonly rollouts: number;
  /** Milliseconds from TERM until the balancer hears that the copy is no endpoint: at least, and at most. */
  readonly lagMs: readonly [number, number];
  readonly port: number;
  /** Between 0 and 1, the same for the same seed. */
  readonly random: () => number;
}

export interface PlayReport {
  readonly requests: number;
  readonly failures: readonly Failure[];
  readonly slowestMs: number;
  readonly replaced: number;
  /** What those copies have said that had to be killed after their grace. */
  readonly killedLogs: readonly string[];
  readonly conditions: PodConditions;
}

const BOOT_LIMIT_MS = 90_000;
/** Ports of a copy: the application's and the admin port, and no two copies of a play have the same. */
const PORTS_PER_POD = 2;

/**
 * Replaces every copy, again and again, as a Deployment with maxSurge 1 and maxUnavailable 0 does: a new one becomes
 * ready and an endpoint; an old one gets TERM in the same moment in which its removal sets out to the balancer.
 */
export async function play({ template, replicas, rollouts, lagMs, port, random }: Play): Promise<PlayReport> {
  const balancer = new Balancer(port);
  const pods: Pod[] = [];
  const isLeaving = new Set<Pod>();
  const leaving = new Set<Promise<void>>();
  let next = port + 10;
  const killedLogs: string[] = [];
  const add = async (): Promise<void> => {
    const pod = new Pod(template, next);
    next += PORTS_PER_POD;
    pods.push(pod);
    await pod.whenReady(BOOT_LIMIT_MS);
    await balancer.add(pod);
  };
  const remove = async (pod: Pod): Promise<void> => {
    const [least, most] = lagMs;
    const unplugged = rest(least + random() * (most - least)).then(() => balancer.remove(pod));
    const { wasKilled } = await pod.terminate();
    await unplugged;
    balancer.release(pod);
    pods.splice(pods.indexOf(pod), 1);
    if (wasKilled) killedLogs.push(pod.log);
  };
  try {
    await balancer.whenUp();
    for (let copy = 0; copy < replicas; copy++) await add();
    const conditions = pods[0]!.conditions();
    const loads = Object.values(balancer.urls).map((url) =>
      startLoad({ url, newConnections: 4, keepAlive: 10, limitMs: 20_000 }),
    );
    try {
      for (let rollout = 0; rollout < rollouts; rollout++) {
        for (const old of pods.filter((pod) => !isLeaving.has(pod))) {
          await add();
          isLeaving.add(old);
          const left = remove(old).finally(() => leaving.delete(left));
          leaving.add(left);
        }
      }
      await Promise.all(leaving);
    } finally {
      await Promise.all(loads.map((load) => load.stop()));
    }
    const reports = loads.map(({ report }) => report);
    return {
      requests: reports.reduce((sum, report) => sum + report.requests, 0),
      failures: reports.flatMap(({ failures }) => failures),
      slowestMs: Math.max(...reports.map(({ slowestMs }) => slowestMs)),
      replaced: rollouts * replicas,
      killedLogs,
      conditions,
    };
  } finally {
    await Promise.all(pods.map((pod) => pod.remove()));
    await balancer.end();
  }
}
