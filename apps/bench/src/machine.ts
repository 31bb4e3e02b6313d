import { cpus, loadavg, release, totalmem } from 'node:os';

/** What the figures were taken on: they mean nothing without it. */
export interface Machine {
  readonly date: string;
  readonly node: string;
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Programs that wanted a core in the minute before: what is not 0 disturbs. */
  readonly load: number;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    date: new Date().toISOString(),
    node: process.version,
    system: `${process.platform} ${release()} ${process.arch}`,
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryBytes: totalmem(),
    load: loadavg()[0] ?? 0,
  };
}
