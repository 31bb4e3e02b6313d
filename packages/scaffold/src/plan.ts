/** A file that is to be. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
}

/** What is to be written into a folder, and what its user types then. Plain data. */
export interface Plan {
  readonly files: readonly PlannedFile[];
  /** A script for the `package.json` that is there, by name; it is added when there is none of that name. */
  readonly script?: { readonly name: string; readonly words: string };
  /** What is left to whoever asked: sentences. */
  readonly notes?: readonly string[];
  /** Commands, in their order. */
  readonly next: readonly string[];
}
