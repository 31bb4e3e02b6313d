import type { RunnerName } from './runners.ts';

/** A test suite of somebody else's. */
export interface Suite {
  readonly name: string;
  /** `owner/name`, below the place that all sources are cloned from. */
  readonly repository: string;
  /** What of it is run, where that is not the newest. */
  readonly commit?: string;
  /** Where in the repository its package is. Default: at the top. */
  readonly folder?: string;
  /** The names of its dependencies that are left out, because they cannot be had or would not be used. */
  readonly unused?: RegExp;
  /** What it is built with, after its dependencies have been installed: arguments of `npm`, run at the top. */
  readonly builds?: readonly (readonly string[])[];
  readonly runner: RunnerName;
  /** What the project's own `test` script gives its runner, without reporters and without stopping at a failure. */
  readonly args: readonly string[];
  /** Environment that the project's own script sets. */
  readonly env?: Readonly<Record<string, string>>;
}
