/** What a process uses. */
export interface ProcessUse {
  readonly pid: number;
  /** Processor time since its start. */
  readonly cpuSeconds: number;
  /** Resident memory, shared pages included. */
  readonly rssBytes: number;
  /** Its own pages, and its share of those that others have as well. Absent where the kernel does not tell this user. */
  readonly pssBytes?: number;
  /** Its own pages alone: what would be free if it ended. */
  readonly ussBytes?: number;
}

/** What a worker has counted by itself. */
export interface WorkerCount {
  readonly requests: number;
  /** How long they took: in all, and how many took how long, by the buckets of the metrics. */
  readonly durationSeconds: number;
  readonly durations: readonly number[];
  /** In all, up to now. */
  readonly busySeconds: number;
  readonly inFlight: number;
  readonly request?: { readonly text: string; readonly seconds: number };
}

/** One worker's figures, in an answer. */
export interface WorkerFigures {
  readonly age: number;
  readonly use?: ProcessUse;
  /** The processes that its application runs in, when they are others. */
  readonly applications?: readonly ProcessUse[];
  /** Further processes that it has started. */
  readonly children?: readonly ProcessUse[];
  readonly count?: WorkerCount;
}

/** What all workers have counted together, since the server started. */
export interface ServerCount {
  readonly requests: number;
  /** Of them, those answered with a status from 400 and from 500 on. */
  readonly clientErrors: number;
  readonly serverErrors: number;
  /** How many took how long, by the buckets of the metrics. */
  readonly durations: readonly number[];
  /** How many had waited how long when a worker took them, likewise. */
  readonly waits: readonly number[];
  /** Workers that ended without being told to, or to be recycled. */
  readonly restarts: number;
}

/** A listening address, and the connections that wait there. */
export interface ListenerFigures {
  readonly url: string;
  readonly waiting?: number;
  readonly limit?: number;
  /** Connections that the kernel dropped because too many waited. */
  readonly drops?: number;
}

/** Figures that change all the time, in an answer. */
export interface ServerFigures {
  /** Milliseconds of the arbiter's clock, to take differences by. */
  readonly atMs: number;
  readonly arbiter?: ProcessUse;
  /** Processes of the server that belong to no worker, or to several: the master that Python's are forked from. */
  readonly others: readonly (ProcessUse & { readonly name: string })[];
  /** What happened last, the newest last. */
  readonly events: readonly { readonly at: number; readonly text: string; readonly isTrouble: boolean }[];
  readonly workers: readonly WorkerFigures[];
  readonly listeners: readonly ListenerFigures[];
  readonly count?: ServerCount;
  readonly system: {
    readonly cores: number;
    /** Of one, five and fifteen minutes. */
    readonly load: readonly number[];
    /** What memory there is: of the control group when it has a limit, or of the machine. */
    readonly memoryBytes: number;
    /** For how long the quota of its control group has kept the server from running; absent without a quota. */
    readonly throttledSeconds?: number;
  };
}
