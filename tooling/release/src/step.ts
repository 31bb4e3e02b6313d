import type { EmptyHome, PackageManager } from './package-manager.ts';
import type { Registry } from './registry.ts';
import type { Tarball } from './tarballs.ts';

/** What the steps of a check share. */
export interface Place {
  /** The copy of the repository that was packed. */
  readonly copy: string;
  /** An empty folder for projects. */
  readonly projects: string;
  readonly tarballs: readonly Tarball[];
  readonly registry: Registry;
  readonly managers: readonly PackageManager[];
  readonly home: EmptyHome;
  /** Prints a line. */
  readonly say: (line: string) => void;
}

/** A part of the check. */
export interface Step {
  readonly name: string;
  /** Gives what is wrong, as sentences. */
  readonly run: (place: Place) => Promise<readonly string[]>;
}
