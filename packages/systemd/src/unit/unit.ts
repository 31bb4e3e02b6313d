/** A systemd unit file: what `[Unit]`, `[Service]` and the like say, in the order of the file. */
export interface Unit {
  readonly sections: readonly UnitSection[];
}

/** One section, such as `[Service]`. */
export interface UnitSection {
  readonly name: string;
  readonly entries: readonly UnitEntry[];
}

/**
 * One line, `Key=value`. The value is what systemd has after it joined continuation lines; what quotes, `%` and `$`
 * mean inside it depends on the key, see `unitText` and `unitWord`.
 */
export interface UnitEntry {
  readonly key: string;
  readonly value: string;
  /** Why the line stands there; written above it as comments, a line each. */
  readonly comment?: readonly string[];
}

/** The values of a key, in their order: a key may stand several times. */
export function valuesOf(unit: Unit, section: string, key: string): readonly string[] {
  const sections = unit.sections.filter(({ name }) => name === section);
  return sections.flatMap(({ entries }) => entries.flatMap((one) => (one.key === key ? [one.value] : [])));
}
