import type { Deployment } from '@gunicorn-ts/interface';
import { disagreementError } from './errors.ts';

const MB = 1024 * 1024;
/** What a worker is taken for where `maxWorkerMemory` does not say it: with frameworks and an application, in MB. */
const GUESS = { node: 192, python: 256 } as const;
/** The arbiter, and for Python the process that the others are forked from, with the application in it. */
const BASE = { node: 96, python: 192 } as const;
/** Limits are multiples of this, so that they read well. */
const STEP = 64;

/** How much memory the container gets, and for what; in MB (2^20 bytes). */
export interface MemoryPlan {
  readonly base: number;
  readonly perWorker: number;
  /** Workers that live at a time: one more than `workers`, since a replacement is there before the other leaves. */
  readonly workers: number;
  readonly limit: number;
  /** Whether `maxWorkerMemory` said what a worker takes. */
  readonly isMeasured: boolean;
}

/** Bytes in MB, rounded up. */
export function megabytes(bytes: number): number {
  return Math.ceil(bytes / MB);
}

/**
 * Memory by the number of workers.
 * @param wanted a limit in MB that somebody asked for
 * @throws {OperatorError} `ERR_EXPORT_DISAGREEMENT` when that is less than the workers may take
 */
export function memoryPlan({ settings, isPython }: Deployment, wanted: number | undefined): MemoryPlan {
  const language = isPython ? 'python' : 'node';
  const isMeasured = settings.maxWorkerMemory > 0;
  const perWorker = isMeasured ? megabytes(settings.maxWorkerMemory) : GUESS[language];
  const base = BASE[language];
  const workers = settings.workers + 1;
  const needed = base + workers * perWorker;
  if (wanted === undefined) {
    return { base, perWorker, workers, limit: Math.ceil(needed / STEP) * STEP, isMeasured };
  }
  if (isMeasured && wanted < needed) {
    throw disagreementError(
      `--memory ${wanted} is less than ${needed} MB: ${base} of the arbiter, and maxWorkerMemory (${perWorker}) for ${workers} workers, of which one is a replacement that is there before the other leaves`,
      `write --memory ${needed}, or fewer workers, or a smaller maxWorkerMemory`,
    );
  }
  return { base, perWorker, workers, limit: wanted, isMeasured };
}
