import type { Settings } from '@gunicorn-ts/interface';

/** A setting that a reload would change, in an answer. Values as they would stand in `gunicorn.conf.ts`. */
export interface SettingDifference {
  readonly key: string;
  readonly running: string;
  readonly next: string;
  /** Where the next value comes from. */
  readonly source: string;
}

/** Tries out in a process aside what a reload would lead to. The server goes on meanwhile, and is as it was. */
export interface Rehearsal {
  /** Whether settings and application load. @returns why not */
  check(running: Readonly<Settings>): Promise<string | undefined>;
  /** What would be different. Rejects when the settings cannot be read, with the reason. */
  differences(running: Readonly<Settings>): Promise<readonly SettingDifference[]>;
}
