/** One thing that is wrong with the repository. */
export interface Finding {
  /** A file, with a line when there is one: `README.md:12`. */
  readonly where: string;
  readonly what: string;
  /** What to do about it. */
  readonly cure: string;
}

/** `README.md:12: the link leads nowhere; correct it`. */
export function renderFinding({ where, what, cure }: Finding): string {
  return `${where}: ${what}; ${cure}`;
}

/** Number of the line that holds the character at this offset, counted from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
