import { EXIT_CAUSES, WORKER_MEMORY_BYTES } from '@gunicorn-ts/interface';
import { record } from '../../src/figures.ts';
import { readMemory } from '../../src/read-memory.ts';
import { BOOT_BOUNDS, type ServerReading } from '../../src/snapshot.ts';
import { WorkerMeter } from '../../src/worker-meter.ts';

/** What was looked at in a server of one worker. */
export function readingOf(count: (meter: WorkerMeter) => void = () => {}): ServerReading {
  const memory = new ArrayBuffer(WORKER_MEMORY_BYTES);
  count(new WorkerMeter(memory));
  const reading = readMemory(new Uint8Array(memory), Number(process.hrtime.bigint()) / 1e6);
  return {
    at: 1_700_000_100_000,
    nowMs: 100_000,
    name: 'shop',
    version: '1.2.3',
    node: 'v24.0.0',
    workerClass: 'sync',
    pid: 10,
    startedAt: 1_700_000_000_000,
    generation: 1,
    target: 1,
    stage: { hasStarted: true, isReloading: false, phase: 'serving', hasSuccessor: false },
    scheme: 'http',
    workers: [
      {
        view: {
          age: 1,
          slot: 1,
          pid: 11,
          generation: 1,
          phase: 'ready',
          hung: false,
          applicationPids: [],
          startedAt: 40_000,
          lastBeat: 99_900,
        },
        reading,
        process: { pid: 11, cpuSeconds: 1, residentBytes: 5e7, openFiles: undefined },
        applications: [],
      },
    ],
    bySlot: new Map([[1, reading.figures]]),
    lost: 0,
    workersCpuSeconds: 1,
    applicationsCpuSeconds: 0,
    shared: [],
    listeners: [{ url: 'http://127.0.0.1:8000', queue: { waiting: 2, limit: 128, drops: 1 } }],
    counts: {
      starts: 1,
      exits: record(EXIT_CAUSES, () => 0),
      reloads: { done: 0, refused: 0 },
      boots: { sum: 0.2, buckets: [0, 1, ...BOOT_BOUNDS.slice(1).map(() => 0)] },
      logEntries: { warning: 0, error: 0, critical: 0 },
      lastReloadAt: 0,
    },
    arbiter: { pid: 10, cpuSeconds: 0.5, residentBytes: 4e7, openFiles: 20 },
    group: { memory: undefined, throttledSeconds: undefined },
    events: [],
  };
}
