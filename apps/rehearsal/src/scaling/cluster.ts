/** What a request takes of a worker: most of it is waiting for others, which no processor sees. */
export interface RequestCost {
  readonly waitSeconds: number;
  readonly cpuSeconds: number;
}

/** A request that was served. */
export interface Served {
  readonly arrived: number;
  /** How long it waited for a worker. */
  readonly queued: number;
}

interface SimulatedPod {
  readonly readyAt: number;
  /** When each worker is free again. */
  readonly freeAt: number[];
}

/** Copies of a server with workers that take one request at a time, each copy with a queue of its own. */
export class SimulatedCluster {
  readonly #workers: number;
  readonly #startSeconds: number;
  readonly #pods: SimulatedPod[] = [];
  /** By the second: how long workers were busy, and how much processor that took. */
  readonly #busy = new Map<number, number>();
  readonly #cpu = new Map<number, number>();
  readonly served: Served[] = [];

  constructor(workers: number, startSeconds: number, replicas: number) {
    this.#workers = workers;
    this.#startSeconds = startSeconds;
    for (let copy = 0; copy < replicas; copy++) this.#add(-startSeconds);
  }

  /** Copies that are wanted, those that start included. */
  get replicas(): number {
    return this.#pods.length;
  }

  /** The last ones go first; what they have in hand they finish. */
  scale(replicas: number, now: number): void {
    while (this.#pods.length < replicas) this.#add(now);
    this.#pods.length = replicas;
  }

  /** A request comes, and a balancer that knows nothing of queues gives it to one of the copies. */
  serve(now: number, { waitSeconds, cpuSeconds }: RequestCost, random: () => number): void {
    const ready = this.#pods.filter(({ readyAt }) => readyAt <= now);
    const pod = ready[Math.floor(random() * ready.length)]!;
    const worker = pod.freeAt.indexOf(Math.min(...pod.freeAt));
    const start = Math.max(now, pod.freeAt[worker]!);
    const end = start + waitSeconds + cpuSeconds;
    pod.freeAt[worker] = end;
    this.served.push({ arrived: now, queued: start - now });
    for (let second = Math.floor(start); second < end; second++) {
      const part = Math.min(end, second + 1) - Math.max(start, second);
      this.#busy.set(second, (this.#busy.get(second) ?? 0) + part);
      const cpu = (part * cpuSeconds) / (end - start);
      this.#cpu.set(second, (this.#cpu.get(second) ?? 0) + cpu);
    }
  }

  /** As `busyQuery` sees it: of the last minute, over workers that serve now. */
  busyRatio(now: number): number {
    return sumOf(this.#busy, now - 60, now) / 60 / (this.#ready(now) * this.#workers);
  }

  /** As the metrics server sees it: cores in use for each copy, over the last minute. */
  cores(now: number): number {
    return sumOf(this.#cpu, now - 60, now) / 60 / this.#ready(now);
  }

  /** As `queueQuery` sees it: of the last two minutes. */
  queueQuantile(now: number, part: number): number {
    const recent: number[] = [];
    for (let index = this.served.length - 1; index >= 0; index--) {
      const { arrived, queued } = this.served[index]!;
      if (arrived < now - 120) break;
      recent.push(queued);
    }
    return quantileOf(recent, part);
  }

  #ready(now: number): number {
    return Math.max(1, this.#pods.filter(({ readyAt }) => readyAt <= now).length);
  }

  #add(now: number): void {
    const readyAt = now + this.#startSeconds;
    this.#pods.push({ readyAt, freeAt: Array.from({ length: this.#workers }, () => readyAt) });
  }
}

function sumOf(bySecond: ReadonlyMap<number, number>, from: number, to: number): number {
  let sum = 0;
  for (let second = Math.floor(from); second < to; second++) sum += bySecond.get(second) ?? 0;
  return sum;
}

/** The value that this part of them is not above; 0 when there are none. */
export function quantileOf(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
