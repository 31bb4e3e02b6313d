/**
 * Exit codes, of the arbiter and of a worker alike. 0 to 4 mean what they mean in Gunicorn, so that
 * scripts and units written for it go on working.
 */
export const EXIT_CODE = {
  /** A stop that was asked for. */
  ok: 0,
  /** A setting, a listener or the pid file is wrong; or a crash nothing else describes. */
  failure: 1,
  /** The command line could not be understood. */
  usage: 2,
  /** The application (or a hook) threw while the worker was booting. */
  workerBoot: 3,
  /** The application was not found, or what was found cannot be served. */
  appLoad: 4,
  /** The worker lost its arbiter and left by itself. */
  orphaned: 5,
} as const;

/** The name of an exit code in {@link EXIT_CODE}. */
export type ExitCodeName = keyof typeof EXIT_CODE;

/** One sentence for each exit code, for logs and for the reference page. */
export const EXIT_CODE_MEANING: Record<ExitCodeName, string> = {
  ok: 'a stop that was asked for',
  failure: 'a setting, a listener or the pid file is wrong, or an unexpected error',
  usage: 'the command line could not be understood',
  workerBoot: 'the application threw while it was loading',
  appLoad: 'the application was not found, or cannot be served',
  orphaned: 'the worker lost its arbiter',
};
