import type { LifecycleSubscriber } from '@gunicorn-ts/interface';

/** The service manager that this process was started by, if there is one. */
export interface ServiceManager {
  readonly subscribers: readonly LifecycleSubscriber[];
  /** For whoever takes this process's place; the workers do not get it. */
  readonly env: NodeJS.ProcessEnv;
}

const NOBODY: ServiceManager = { subscribers: [], env: {} };
const START_MARGIN_MS = 30_000;

/**
 * Reports to systemd where it asks for it (`Type=notify`), and removes its variables from the environments. The
 * package that does it may be left out of an installation.
 */
export async function joinServiceManager(options: {
  /** From which the variables are removed; they are read from the first. */
  envs: readonly [NodeJS.ProcessEnv, ...NodeJS.ProcessEnv[]];
  /** Of the settings, in seconds; 0 for no limit. */
  bootTimeout: number;
  warn(text: string): void;
}): Promise<ServiceManager> {
  const { envs, bootTimeout, warn } = options;
  if (envs[0]['NOTIFY_SOCKET'] === undefined) return NOBODY;
  const systemd = await import('@gunicorn-ts/systemd').catch(() => undefined);
  if (systemd === undefined) {
    for (const env of envs) delete env['NOTIFY_SOCKET'];
    warn(
      'NOTIFY_SOCKET is set, and nobody reports to it: install @gunicorn-ts/systemd, or write Type=exec in the unit',
    );
    return NOBODY;
  }
  const [environment] = envs.map((env) => systemd.takeNotifyEnvironment(env, process.pid));
  if (environment === undefined) {
    warn('NOTIFY_SOCKET is neither a path nor an abstract name, so nothing is reported to it');
    return NOBODY;
  }
  // Twice: `preloadApp` loads the application once more, before the workers do.
  const startLimitMs = bootTimeout === 0 ? Number.POSITIVE_INFINITY : 2000 * bootTimeout + START_MARGIN_MS;
  return {
    subscribers: [systemd.createNotifier({ environment, startLimitMs, warn })],
    env: environment.forSecondArbiter,
  };
}
