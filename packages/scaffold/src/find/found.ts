import type { Application } from '../template.ts';

/** An application that was found, and what told so. */
export interface Found {
  readonly application: Application;
  /** `Django`, `Express`, or what it is without a framework: `an application`. */
  readonly framework: string;
  /** What it was found by: `manage.py`, `"start" in package.json`. */
  readonly by: string;
  /** What was seen there and is not in the application: sentences. */
  readonly notes?: readonly string[];
}
