import type { LoaderContext } from '@gunicorn-ts/interface';
import { isAsgiClass } from './asgi/worker-class.ts';
import { pythonSettings } from './settings.ts';

/** Lanes to a process with greenlets at most: each costs a descriptor on both sides. */
const MOST_GREENLETS = 100;

/** Worker classes that mean greenlets by gevent. */
const GREENLETS: ReadonlySet<string> = new Set(['gevent', 'eventlet']);

/** How requests are served inside of the Python process. */
export interface ServiceMode {
  /** One after the other in the main thread, in threads, in greenlets, or on an asyncio loop. */
  readonly program: 'sync' | 'threads' | 'gevent' | 'asgi';
  /** Requests that it serves at a time. */
  readonly lanes: number;
}

/** What the worker class means for Python. */
export function serviceMode({
  settings,
  concurrency,
}: Pick<LoaderContext, 'settings' | 'concurrency'>): ServiceMode {
  const { workerClass, workerConnections } = settings;
  const { threads } = pythonSettings(settings);
  // One bus carries them all.
  if (isAsgiClass(workerClass)) return { program: 'asgi', lanes: 1 };
  if (GREENLETS.has(workerClass)) {
    return { program: 'gevent', lanes: Math.min(workerConnections, MOST_GREENLETS) };
  }
  if (concurrency === 'one') return { program: 'sync', lanes: 1 };
  // Threads are what this name promises, also when it is only one.
  if (threads > 1 || workerClass === 'gthread') return { program: 'threads', lanes: threads };
  return { program: 'sync', lanes: 1 };
}
