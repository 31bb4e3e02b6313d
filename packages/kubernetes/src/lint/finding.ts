/** One thing that does not fit together. */
export interface ManifestFinding {
  /** `Deployment/shop spec.template…`. */
  readonly where: string;
  readonly what: string;
  readonly cure: string;
}

/** An object of a cluster, as a parser of YAML or JSON gives it. */
export type ClusterObject = Readonly<Record<string, unknown>>;

/** The member at a path, or `undefined` where the path ends before. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[step];
  }
  return found;
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The members that are texts: labels, selectors. */
export function textsAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const found = at(value, ...path);
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(Object.entries(found).map(([key, text]) => [key, String(text)]));
}

export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function nameOf(object: ClusterObject): string {
  return `${String(object['kind'])}/${String(at(object, 'metadata', 'name'))}`;
}

/** Whether a selector takes an object with these labels. An empty one takes all. */
export function selects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
