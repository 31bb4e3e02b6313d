import type { WorkerSignal } from '@gunicorn-ts/interface';

/** Where a worker is in its life. `leaving` begins when the last request is done or given up. */
export type Stage = 'booting' | 'serving' | 'draining' | 'leaving';

/** What a worker does about a signal. */
export type Reaction = 'drain' | 'leave' | 'quit' | 'reopen-logs' | 'abort' | 'ignore';

/** Decides what a signal means at a stage; `WORKER_SIGNALS` says the same in sentences. */
export function reactionTo(signal: WorkerSignal, stage: Stage): Reaction {
  switch (signal) {
    case 'SIGTERM':
      if (stage === 'booting') return 'leave';
      return stage === 'serving' ? 'drain' : 'ignore';
    case 'SIGINT':
    case 'SIGQUIT':
      return stage === 'leaving' ? 'ignore' : 'quit';
    case 'SIGABRT':
      return 'abort';
    case 'SIGUSR1':
      return 'reopen-logs';
    case 'SIGHUP':
    case 'SIGUSR2':
    case 'SIGWINCH':
    case 'SIGTTIN':
    case 'SIGTTOU':
      return 'ignore';
  }
}
