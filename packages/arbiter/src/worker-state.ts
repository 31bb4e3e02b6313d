import type { Autopsy, RecycleReason } from '@gunicorn-ts/interface';

/** What the arbiter knows of one worker. The process itself is in a `WorkerHandle`. */
export interface WorkerState {
  /** Identity: workers are numbered from 1 in the order of their start. */
  readonly age: number;
  /** 0 until the process was started. */
  readonly pid: number;
  readonly generation: number;
  /** Its number among the wanted workers, from 0; with `reusePort` also which of the listeners is its own. */
  readonly slot: number;
  readonly phase: 'booting' | 'ready' | 'draining';
  readonly startedAt: number;
  readonly readyAt: number | undefined;
  readonly lastBeat: number;
  /** Log files were re-opened while it booted; it is told when it is ready. */
  readonly missedReopen: boolean;
  /** The processes that its application runs in, when they are others; as it says. */
  readonly applicationPids: readonly number[];
  /** Since when one of these has not turned; `undefined` when all do, or nobody can say. */
  readonly applicationSilentSince: number | undefined;
  /** Why it leaves by itself, as it says. */
  readonly leavesFor: string | undefined;
  /** Its application listens at further addresses. */
  readonly shares: boolean;
  /** It is to be replaced: it asked for that itself, or it was `asked` for. */
  readonly recycle: RecycleReason | 'asked' | undefined;
  /** When it was told to leave. */
  readonly drainingSince: number | undefined;
  readonly bootFailure: { readonly exitCode: number; readonly message: string } | undefined;
  /** What its watchdog thread found, when the main thread stood still. */
  readonly autopsy: Autopsy | undefined;
  /** It hung: since when that is known, and how far its end has come. */
  readonly hung: Hung | undefined;
  /** Why the arbiter killed it; then its death is no riddle. */
  readonly killedFor: string | undefined;
}

export interface Hung {
  readonly since: number;
  readonly abortedAt: number | undefined;
}
