import {
  EXIT_CODE,
  EXIT_CODE_MEANING,
  type ExitCause,
  type ExitCodeName,
  type LogLevel,
  type RecycleReason,
} from '@gunicorn-ts/interface';
import type { Exit } from './event.ts';
import type { WorkerState } from './worker-state.ts';

/** A traceback has its place in the log; whatever an exception carries has not. */
const LONGEST_FAILURE = 64 * 1024;

/** What a worker says of why it could not boot. */
export function describeBootFailure({ message, detail }: { message: string; detail?: string }): string {
  const text = detail === undefined ? message : `${message}\n${detail}`;
  return text.length > LONGEST_FAILURE ? `${text.slice(0, LONGEST_FAILURE)} …` : text;
}

/** Says how a worker ended and, where that can be known, why. */
export function describeExit(
  worker: Pick<WorkerState, 'pid' | 'killedFor' | 'drainingSince'>,
  exit: Exit,
): { level: LogLevel; message: string } {
  const who = `Worker (pid:${worker.pid})`;
  if (exit.spawnError !== undefined) {
    return { level: 'error', message: `A worker could not be started: ${exit.spawnError}` };
  }
  if (worker.killedFor !== undefined) {
    return { level: 'error', message: `${who} was killed by the arbiter: ${worker.killedFor}` };
  }
  if (exit.signal !== null) return describeSignal(who, exit.signal, exit, worker.drainingSince !== undefined);
  if (exit.code === 0) {
    return worker.drainingSince === undefined
      ? {
          level: 'warning',
          message: `${who} exited by itself with code 0; the application may have called process.exit()`,
        }
      : { level: 'debug', message: `${who} has left` };
  }
  return { level: 'error', message: `${who} exited with code ${exit.code}${meaningOf(exit.code)}` };
}

function meaningOf(code: number | null): string {
  const name = (Object.keys(EXIT_CODE) as ExitCodeName[]).find((key) => EXIT_CODE[key] === code);
  if (name === undefined || name === 'usage' || name === 'failure') return '.';
  return `: ${EXIT_CODE_MEANING[name]}.`;
}

function describeSignal(
  who: string,
  signal: NodeJS.Signals,
  exit: Exit,
  leaving: boolean,
): { level: LogLevel; message: string } {
  const what = `${who} was sent ${signal}!`;
  if (signal === 'SIGTERM') return { level: leaving ? 'debug' : 'info', message: what };
  if (signal === 'SIGKILL') {
    const by = exit.outOfMemory
      ? 'By the kernel: out of memory.'
      : 'Not by the arbiter, and not for lack of memory in its cgroup.';
    return { level: 'error', message: `${what} ${by}` };
  }
  if (signal === 'SIGABRT') {
    const why = "Perhaps V8's heap limit was reached (--max-old-space-size); Node's own report is on stderr.";
    return { level: 'error', message: `${what} ${why}` };
  }
  return { level: 'warning', message: what };
}

const RECYCLED: Readonly<Record<RecycleReason | 'asked', ExitCause>> = {
  asked: 'asked',
  'max-requests': 'requests',
  lifetime: 'lifetime',
  memory: 'memory',
};

/** How a worker ended, in one word. */
export function exitCause(worker: WorkerState, exit: Exit): ExitCause {
  if (exit.outOfMemory) return 'oom';
  if (worker.hung !== undefined) return 'timeout';
  if (worker.bootFailure !== undefined || exit.spawnError !== undefined) return 'boot';
  if (worker.killedFor !== undefined) return worker.readyAt === undefined ? 'boot' : 'killed';
  if (wasAskedFor(worker, exit)) return worker.recycle === undefined ? 'asked' : RECYCLED[worker.recycle];
  if (exit.signal !== null) return 'signal';
  return worker.readyAt === undefined ? 'boot' : 'crash';
}

/** True when the end is what the arbiter wanted, and needs no line in the log. */
export function wasAskedFor(worker: Pick<WorkerState, 'drainingSince' | 'killedFor'>, exit: Exit): boolean {
  if (worker.killedFor !== undefined || worker.drainingSince === undefined) return false;
  return exit.code === 0 || exit.signal === 'SIGTERM' || exit.signal === 'SIGQUIT';
}
