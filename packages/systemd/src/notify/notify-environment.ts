/** What systemd passes to a service that is to report to it. */
export interface NotifyEnvironment {
  /** Where reports go: a path, or `@name` for an abstract name. */
  readonly socket: string;
  /** Within how many microseconds a sign of life is due; `undefined` when none is asked for. */
  readonly watchdogUsec: number | undefined;
  /** What a second arbiter needs to report in its turn. */
  readonly forSecondArbiter: Readonly<Record<string, string>>;
}

type Environment = Record<string, string | undefined>;

const SOCKET = 'NOTIFY_SOCKET';
const WATCHDOG = 'WATCHDOG_USEC';
const WATCHDOG_PID = 'WATCHDOG_PID';

/**
 * Reads the variables of `sd_notify(3)` and `sd_watchdog_enabled(3)` and removes them: an application or what it
 * starts must not report in the name of the service.
 * @param pid the process that reads them: a watchdog that is meant for another process is none
 * @returns `undefined` when there is nobody to report to
 */
export function takeNotifyEnvironment(env: Environment, pid: number): NotifyEnvironment | undefined {
  const { [SOCKET]: socket, [WATCHDOG]: usec = '', [WATCHDOG_PID]: meantFor } = env;
  for (const name of [SOCKET, WATCHDOG, WATCHDOG_PID]) delete env[name];
  if (socket === undefined || !/^[/@]./.test(socket)) return undefined;
  const watched = /^[1-9]\d*$/.test(usec) && (meantFor === undefined || meantFor === String(pid));
  return {
    socket,
    watchdogUsec: watched ? Number(usec) : undefined,
    // Without WATCHDOG_PID, which is this process: the watchdog belongs to the service, whoever its main process is.
    forSecondArbiter: { [SOCKET]: socket, ...(watched && { [WATCHDOG]: usec }) },
  };
}
