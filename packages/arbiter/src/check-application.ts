import { EXIT_CODE, type LoadedSettings, type Prepared, type WorkerMessage } from '@gunicorn-ts/interface';
import { applicationDoesNotLoad } from './errors.ts';
import type { Exit } from './event.ts';
import { describeBootFailure } from './exit-reason.ts';
import { bootSpecification, workerEnvironment } from './generation.ts';
import { Heartbeat } from './heartbeat.ts';
import { monotonicMs } from './loop.ts';
import { Release } from './release.ts';
import { WorkerHandle } from './worker-handle.ts';
import { identityOfWorkers } from './worker-identity.ts';

/** What the process is started with; see `ArbiterOptions`. */
export interface CheckOptions {
  readonly workerHostEntry: string;
  readonly compiledFolder?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Loads the application in a process of its own, as the user that workers run as, and ends that process:
 * `preloadApp` and `--check-config`.
 * @throws OperatorError with the exit code that a worker would have had, when it does not load.
 */
export async function checkApplication(
  loaded: LoadedSettings,
  options: CheckOptions & { readonly prepared?: Prepared | undefined },
): Promise<void> {
  const { settings } = loaded;
  const identity = identityOfWorkers(settings);
  const release = new Release(loaded);
  const heartbeat = new Heartbeat(settings.workerTmpDir, identity, monotonicMs());
  const seen: Seen = { ready: false, failure: undefined, unbearable: undefined };
  let timer: NodeJS.Timeout | undefined;
  try {
    const exit = await new Promise<Omit<Exit, 'outOfMemory'>>((resolve) => {
      const handle = new WorkerHandle({
        entry: options.workerHostEntry,
        compiledFolder: options.compiledFolder,
        nodeFlags: [],
        boot: bootSpecification(
          { number: 0, loaded, identity, release, prepared: options.prepared },
          'check',
          { age: 0, slot: 0 },
        ),
        listeners: [],
        cwd: release.workingFolder(),
        heartbeatFd: heartbeat.fd,
        outputFd: undefined,
        env: workerEnvironment(options.env, loaded),
        onMessage: (message) => {
          if (message.type === 'ready') seen.ready = true;
          if (message.type === 'boot-failed') seen.failure ??= message;
        },
        onAutopsy: () => {},
        onUnbearable: (reason) => {
          seen.unbearable = reason;
          handle.signal('SIGKILL');
        },
        onExit: resolve,
      });
      if (settings.bootTimeout > 0)
        timer = setTimeout(() => handle.signal('SIGKILL'), settings.bootTimeout * 1000);
    });
    judge(seen, exit, settings.bootTimeout);
  } finally {
    clearTimeout(timer);
    heartbeat.close();
  }
}

/** What the process said of itself, and what was said of it. */
interface Seen {
  ready: boolean;
  failure: Extract<WorkerMessage, { type: 'boot-failed' }> | undefined;
  unbearable: string | undefined;
}

function judge(
  { ready, failure, unbearable }: Seen,
  exit: Omit<Exit, 'outOfMemory'>,
  bootTimeout: number,
): void {
  if (ready) return;
  if (failure !== undefined) throw applicationDoesNotLoad(describeBootFailure(failure), failure.exitCode);
  const end =
    exit.spawnError ?? (exit.signal === null ? `exited with code ${exit.code}` : `was sent ${exit.signal}`);
  const why = unbearable ?? `it had ${bootTimeout} s (bootTimeout)`;
  const hint = exit.signal === 'SIGKILL' ? `; ${why}` : '';
  throw applicationDoesNotLoad(`the process that loaded the application ${end}${hint}`, EXIT_CODE.workerBoot);
}
