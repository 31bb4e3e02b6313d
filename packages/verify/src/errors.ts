import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';

/** The words behind `gunicorn verify` were not understood. */
export function verifyUsageError(what: string): OperatorError {
  return new OperatorError('ERR_VERIFY_USAGE', `${what}; gunicorn verify --help says what it takes`, {
    exitCode: EXIT_CODE.usage,
  });
}

/** The copy of the server that is to be verified did not come to serve. */
export function copyDidNotStart(log: string, exitCode: number | null): OperatorError {
  return new OperatorError(
    'ERR_VERIFY_START',
    `The server did not start, so there is nothing to verify; gunicorn --check-config says more. Its log:\n${log}`,
    { exitCode: exitCode === null || exitCode === 0 ? EXIT_CODE.failure : exitCode },
  );
}

/** The application does not answer what is asked of it while nothing disturbs it. */
export function applicationFails(path: string, what: string): OperatorError {
  return new OperatorError(
    'ERR_VERIFY_APPLICATION',
    `${path} is answered by ${what} while nothing disturbs the server, so no loss could be told from it; name a path that is answered 200 to 399 with --path, --upload or --websocket`,
  );
}

/** Load on an address that may be somebody else's. */
export function notYours(url: string): OperatorError {
  return new OperatorError(
    'ERR_VERIFY_NOT_YOURS',
    `${url} is not on this machine; load on a server is for its owner alone: add --i-own-this when you are`,
    { exitCode: EXIT_CODE.usage },
  );
}

/** A server that runs already is reloaded and scaled for its owner alone. */
export function attachNeedsOwner(place: string): OperatorError {
  return new OperatorError(
    'ERR_VERIFY_NOT_YOURS',
    `--attach ${place} puts a server that runs already under load, reloads and scales it; add --i-own-this when that is yours to do`,
    { exitCode: EXIT_CODE.usage },
  );
}

/** The settings take away the socket by which the copy is told what to do. */
export function copyHasNoControl(): OperatorError {
  return new OperatorError(
    'ERR_VERIFY_CONTROL',
    'The copy has no control socket, by which verify reloads and scales it: the settings say controlSocketDisable; name a configuration without it: --config FILE',
  );
}

/** The settings configure Python's `logging`, and a copy would write into the log files that they name. */
export function copyWouldWriteLogs(setting: string, source: string): OperatorError {
  return new OperatorError(
    'ERR_VERIFY_LOG_CONFIG',
    `${setting} (${source}) configures Python's logging, and a copy would write into the log files that it names; leave the setting out for verify, or name a configuration without it: --config FILE`,
  );
}

/** The running server that was named cannot be verified. */
export function cannotAttach(place: string, why: string): OperatorError {
  return new OperatorError(
    'ERR_VERIFY_ATTACH',
    `--attach ${place}: ${why}; --attach takes the control socket, the pid file or the process id of a running server (gunicorn status finds it), --url an address`,
  );
}

/** Somebody ended the run before its end; its processes go with it. */
export function interrupted(signal: string): OperatorError {
  return new OperatorError('ERR_VERIFY_INTERRUPTED', `Ended by ${signal}: there is no verdict`);
}

/** The settings ask every client for a certificate, and verify was given none for its own. */
export function clientsNeedCertificates(source: string): OperatorError {
  return new OperatorError(
    'ERR_VERIFY_CERTIFICATE',
    `certReqs: 2 (${source}) has every client show a certificate, and verify has none; name one that caCerts takes: --client-cert FILE --client-key FILE`,
    { exitCode: EXIT_CODE.usage },
  );
}
