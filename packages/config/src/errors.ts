import { EXIT_CODE, OperatorError, type Problem } from '@gunicorn-ts/interface';
import { renderProblem } from './problem-text.ts';

function list(problems: readonly Problem[], heading: string): string {
  if (problems.length === 1) return problems.map(renderProblem).join('');
  return [`${heading}:`, ...problems.map((problem) => `  - ${renderProblem(problem)}`)].join('\n');
}

/** `ERR_USAGE`, exit code 2: the command line, or `GUNICORN_CMD_ARGS`, could not be understood. */
export class UsageError extends OperatorError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('ERR_USAGE', list(problems, `${problems.length} mistakes in the command line and settings`), {
      exitCode: EXIT_CODE.usage,
    });
    this.name = 'UsageError';
    this.problems = problems;
  }
}

/** `ERR_SETTINGS`, exit code 1: settings were understood and cannot be used. Holds every mistake, not the first. */
export class SettingsError extends OperatorError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options: ErrorOptions = {}) {
    super('ERR_SETTINGS', list(problems, `${problems.length} mistakes in the settings`), {
      ...options,
      exitCode: EXIT_CODE.failure,
    });
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** `ERR_CONFIG_FILE`, exit code 1: the configuration file is missing, cannot be loaded, or exports no settings. */
export class ConfigFileError extends OperatorError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('ERR_CONFIG_FILE', message, { ...options, exitCode: EXIT_CODE.failure });
    this.name = 'ConfigFileError';
  }
}

/** `ERR_CONFIG_FILE_DOES_NOT_END`, exit code 1: a reload tried the configuration file out, and that came to no good end. */
export function configFileDoesNotEnd(file: string, why: string): OperatorError {
  return new OperatorError(
    'ERR_CONFIG_FILE_DOES_NOT_END',
    `${file} was read in a process of its own first, and ${why}; correct it, and send HUP again`,
    { exitCode: EXIT_CODE.failure },
  );
}

/** `ERR_ENV_FILE`, exit code 1: a file of `envFile` cannot be read. */
export function envFileNotReadable(file: string, why: string): OperatorError {
  return new OperatorError(
    'ERR_ENV_FILE',
    `envFile: ${file} cannot be used: ${why}; put the file there, with lines NAME=VALUE, or leave it out`,
    { exitCode: EXIT_CODE.failure },
  );
}

/** `ERR_CONFIG_FILE_GONE`, exit code 1: a reload does not find the configuration file that the server runs on. */
export function configFileGone(path: string, why: string | undefined): OperatorError {
  const because = why === undefined ? '' : `: ${why}`;
  return new OperatorError(
    'ERR_CONFIG_FILE_GONE',
    `The configuration file ${path}, which this server runs on, is gone${because}; put it back, or restart without it`,
    { exitCode: EXIT_CODE.failure },
  );
}

/** `ERR_WORKER_CLASS`, exit code 1: the worker class was written for another contract, or clashes with a setting. */
export class WorkerClassError extends OperatorError {
  constructor(message: string) {
    super('ERR_WORKER_CLASS', message, { exitCode: EXIT_CODE.failure });
    this.name = 'WorkerClassError';
  }
}
